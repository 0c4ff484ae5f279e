package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** With the default model, which the build makes before tests run. */
class QuickstartJobTest {
  @TempDir private Path folder;

  @Test
  void theWholePathRunsAndSaysWhereTheResultLies() {
    JobRun run = JobRun.of("quickstart", "--dir", folder.toString());
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    Path table = folder.resolve("corpus_embedded");
    assertThat(run.out()).last().isEqualTo("Open " + folder.resolve("clusters/report.html"));
    assertThat(run.out().get(0))
        .isEqualTo("Sample corpus: 692 German texts in " + folder.resolve("corpus"));
    assertThat(run.output())
        .contains("Model     e5-small-v2, revision 0.36.2")
        .contains("English-trained, for trying things out: 0.658 Spearman on STSb-de test")
        .contains("Rows      692: empty 4, ok 687, truncated 1");
    List<String> shown =
        run.out().stream().filter(line -> line.matches(" *\\d+  .* tokens  .*")).toList();
    assertThat(shown).hasSize(8);
    assertThat(shown.get(0))
        .matches(
            "   1  wetter +ok +\\d+ tokens  \\[-?0\\.\\d{3}(, -?0\\.\\d{3}){3}, …\\] +Noch nie .*");
    assertEmbeddings(TestSpark.session().read().parquet(table.toString()));
  }

  private static void assertEmbeddings(Dataset<Row> table) {
    assertThat(table.columns()).startsWith("id", "topic", "text", "embedding");
    assertThat(table.count()).isEqualTo(692);
    assertThat(table.where("size(embedding) = 384").count()).isEqualTo(688);
    String squares = "aggregate(embedding, 0D, (sum, x) -> sum + x * x)";
    assertThat(table.where("abs(" + squares + " - 1) > 1e-4").count())
        .as("vectors of unit length")
        .isZero();
  }
}
