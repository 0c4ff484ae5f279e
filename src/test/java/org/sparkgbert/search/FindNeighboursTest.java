package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
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
import org.sparkgbert.sts.PairOptions;
import org.sparkgbert.vector.Similarity;

/** The action, as a Java program calls it. */
class FindNeighboursTest {
  @TempDir private Path folder;
  private Settings settings;

  @BeforeEach
  void writeCorpus() {
    TestSpark.texts(List.of("Guten Morgen", "Haus und Garten", "Guten Morgen", "Schnee"), 2)
        .write()
        .parquet(folder.resolve("in").toString());
    settings =
        Settings.NONE
            .with(InputOptions.INPUT, List.of(folder.resolve("in").toString()))
            .with(OutputOptions.OUTPUT, folder.resolve("out").toString())
            .with(EmbedderOptions.MODEL, TinyBert.directory().toString())
            .with(DeviceOptions.DEVICE, DeviceChoice.CPU)
            .with(NeighbourOptions.TOP_K, 1);
  }

  private FoundNeighbours find() {
    return new FindNeighbours(FindNeighboursSettings.of(settings))
        .run(TestSpark.session(), Progress.NONE);
  }

  @Test
  void theBestPartnersAreWrittenWithoutPrinting() {
    Watched<FoundNeighbours> watched = Watched.run(this::find);
    FoundNeighbours found = watched.result();
    assertThat(found.table().rows()).isEqualTo(4);
    assertThat(found.embeddings().orElseThrow().model()).isEqualTo("tiny-bert");
    assertThat(found.work().rows()).isEqualTo(4);
    List<Row> rows =
        TestSpark.session()
            .read()
            .parquet(found.table().location())
            .where("id IN (0, 2)")
            .orderBy("id")
            .select("id", "partner_id")
            .collectAsList();
    assertThat(rows).extracting(row -> row.getInt(1)).containsExactly(2, 0);
    assertThat(watched.descriptions())
        .contains("find neighbours: encode texts", "find neighbours: compare rows")
        .allMatch(description -> description.startsWith("find neighbours: "));
  }

  @Test
  void anEmbeddingColumnThatIsNamedMustBeThere() {
    settings = settings.with(PairOptions.EMBEDDING_COLUMN, "vektor");
    assertThatThrownBy(this::find)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column 'vektor': there is no such column, found [id, text]");
  }

  @Test
  void nothingIsFoundByADistance() {
    settings = settings.with(PairOptions.SIMILARITY, List.of(Similarity.EUCLIDEAN));
    assertThatThrownBy(this::find)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot run: --all-pairs requires exactly one --similarity, cosine or dot, found [euclidean]");
  }
}
