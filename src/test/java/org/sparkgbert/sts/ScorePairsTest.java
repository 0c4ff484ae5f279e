package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.Watched;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/** The actions on pairs, as a Java program calls them. */
class ScorePairsTest {
  @TempDir private Path folder;
  private Settings settings;

  @BeforeEach
  void writePairs() {
    TestSpark.session()
        .sql(
            "SELECT * FROM VALUES ('Guten Morgen', 'Guten Morgen', 5.0), ('Haus', 'Garten', 1.0),"
                + " ('Wetter', NULL, 2.0), ('Regen', 'Schnee', 3.0)"
                + " AS pairs(sentence1, sentence2, gold)")
        .write()
        .parquet(folder.resolve("in").toString());
    settings =
        Settings.NONE
            .with(InputOptions.INPUT, List.of(folder.resolve("in").toString()))
            .with(OutputOptions.OUTPUT, folder.resolve("out").toString())
            .with(EmbedderOptions.MODEL, TinyBert.directory().toString())
            .with(DeviceOptions.DEVICE, DeviceChoice.CPU)
            .with(PairOptions.GOLD_COLUMN, Optional.of("gold"));
  }

  private ScoredPairs score() {
    return new ScorePairs(ScoreSettings.of(settings)).run(TestSpark.session(), Progress.NONE);
  }

  private EvaluationSettings evaluation() {
    return EvaluationSettings.of(settings, List.of()).orElseThrow();
  }

  private static EvaluatedPairs evaluate(EvaluationSettings settings) {
    return new EvaluatePairs(settings).run(TestSpark.session(), Progress.NONE);
  }

  @Test
  void pairsAreScoredWithoutPrinting() {
    Watched<ScoredPairs> watched = Watched.run(this::score);
    ScoredPairs result = watched.result();
    assertThat(result.table().rows()).isEqualTo(4);
    assertThat(result.rowsByStatus()).isEqualTo(Map.of("empty", 1L, "ok", 3L));
    assertThat(result.embeddings().orElseThrow().model()).isEqualTo("tiny-bert");
    float same =
        TestSpark.session()
            .read()
            .parquet(result.table().location())
            .where("sentence1 = sentence2")
            .select("cosine_similarity")
            .first()
            .getFloat(0);
    assertThat(same).isCloseTo(1, within(1e-6f));
  }

  @Test
  void settingsMayBeTextsByTheirNames() {
    ScoreSettings byName =
        ScoreSettings.of(
            Map.of("input", "pairs", "output", "scored", "similarity", "dot,euclidean"));
    assertThat(byName.similarities()).containsExactly(Similarity.DOT, Similarity.EUCLIDEAN);
    assertThat(byName.corpus().paths()).containsExactly("pairs");
    assertThatThrownBy(() -> ScoreSettings.of(Map.of("input", "a", "ouput", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: unknown setting 'ouput', did you mean 'output'?");
  }

  @Test
  void jobsInTheSparkUiHaveTheNamesOfItsStages() {
    assertThat(Watched.run(this::score).descriptions())
        .contains("score pairs: encode sentences", "score pairs: write scores")
        .allMatch(description -> description.startsWith("score pairs: "));
  }

  @Test
  void anEvaluationIsAResultAndFiles() throws IOException {
    ScoredPairs scored = score();
    Watched<EvaluatedPairs> watched = Watched.run(() -> evaluate(evaluation().after(scored)));
    EvaluatedPairs found = watched.result();
    assertThat(found.evaluation().pairs()).isEqualTo(3);
    assertThat(found.evaluation().pairsSkipped()).isEqualTo(1);
    assertThat(found.evaluation().agreement()).containsOnlyKeys(Similarity.COSINE);
    assertThat(found.report()).as("no page was asked for").isEmpty();
    assertThat(Files.readString(folder.resolve("out_evaluation/evaluation.json")))
        .contains("\"run_id\" : \"" + scored.run().runId() + "\"");
    assertThat(folder.resolve("out_evaluation/report.html")).doesNotExist();
  }

  @Test
  void aTableIsEvaluatedWithoutTheRunThatScoredIt() {
    score();
    EvaluatedPairs found = evaluate(evaluation());
    assertThat(found.evaluation().pairs()).isEqualTo(3);
    assertThat(found.settings().scored()).isEmpty();
  }

  @Test
  void goldScoresThatCannotBeAreSaidBeforeAnythingIsEncoded() {
    settings = settings.with(PairOptions.GOLD_COLUMN, Optional.of("sentence1"));
    assertThatThrownBy(this::score)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot evaluate: ");
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
