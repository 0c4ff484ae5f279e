package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.sparkgbert.cluster.ClusterSettings;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.search.FindNeighboursSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.sts.EvaluationSettings;
import org.sparkgbert.sts.ScoreSettings;
import org.sparkgbert.vector.Similarity;

/** Java callers get the same errors as the command line. */
class ActionSettingsTest {
  private static void assertRefused(
      Function<Map<String, String>, ?> settings, String message, String... given) {
    Map<String, String> texts = new HashMap<>(Map.of("input", "i", "output", "o"));
    for (int i = 0; i < given.length; i += 2) {
      texts.put(given[i], given[i + 1]);
    }
    assertThatThrownBy(() -> settings.apply(texts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: " + message);
  }

  @Test
  void settingsThatDoNotApplyAreRefused() {
    assertRefused(
        ScoreSettings::of,
        "--embeddings2 requires --embeddings, which is not set",
        "embeddings2",
        "t");
    assertRefused(
        ScoreSettings::of,
        "--model does not apply with --embeddings",
        "embeddings",
        "t",
        "model",
        "m");
    assertRefused(
        ScoreSettings::of,
        "--evaluation requires --gold-column, which is not set",
        "evaluation",
        "e");
    assertRefused(
        EmbedSettings::of,
        "--gpu-arena does not apply with --device cpu",
        "device",
        "cpu",
        "gpu-arena",
        "next_power_of_two");
    assertRefused(
        ClusterSettings::of, "--k does not apply with --assign", "assign", "run", "k", "3");
    assertRefused(
        FindNeighboursSettings::of,
        "--all-pairs requires exactly one --similarity, cosine or dot, found [euclidean]",
        "similarity",
        "euclidean");
  }

  @Test
  void recordsCheckThemselves() {
    Map<String, String> texts = Map.of("input", "i", "output", "t");
    ScoreSettings score = ScoreSettings.of(texts);
    assertThatThrownBy(
            () ->
                new ScoreSettings(
                    score.corpus(),
                    score.pairs(),
                    List.of(),
                    false,
                    Optional.empty(),
                    score.table(),
                    score.partitioning(),
                    score.encoding()))
        .hasMessage("Cannot run: --similarity must name at least one");
    assertThatThrownBy(() -> evaluation("t/inside"))
        .hasMessage("Cannot run: --evaluation must not be in the table, found t/inside");
    assertThat(evaluation("t_evaluation").directory()).hasValue("t_evaluation");
  }

  private static EvaluationSettings evaluation(String directory) {
    return new EvaluationSettings(
        TableTarget.of(Settings.NONE.with(OutputOptions.OUTPUT, "t/")),
        "sentence1",
        "sentence2",
        "gold",
        List.of(Similarity.COSINE),
        0,
        1,
        Optional.of(directory),
        List.of(),
        Optional.empty());
  }
}
