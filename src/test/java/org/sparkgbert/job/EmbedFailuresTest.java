package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** Rows that a model cannot encode, for real: graphs that stumble on one token. */
class EmbedFailuresTest {
  private static final int ROWS = 30;
  private static final List<Integer> POISONED = List.of(4, 11, 12, 29);

  @TempDir private Path folder;

  @BeforeEach
  void writeCorpus() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      texts.add("Der Zug " + i + " fährt" + (POISONED.contains(i) ? " " + TinyModels.POISON : ""));
    }
    TestSpark.texts(texts, 1).write().parquet(folder.resolve("in").toString());
  }

  @Test
  void tooManyFailuresPublishNothingAndTheNextRunEncodesOnlyTheFailedRows() throws IOException {
    Path model = TinyModels.failingOnPoison(folder.resolve("model"));
    JobRun run = JobRun.embed(folder, "--model=" + model);
    assertThat(run.err()).hasSize(2);
    assertThat(run.err().get(1))
        .startsWith(
            "spark-gbert: Cannot write table: 4 of 30 rows failed, more than 0.1 %; nothing was"
                + " written. First reason: Cannot encode a batch of [1, ")
        .contains("tiny-failing");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(Main.FAILED);
    assertThat(folder.resolve("out")).doesNotExist();
    JobRun next = JobRun.embed(folder, "--model=" + model, "--max-failed=0.5");
    assertThat(next.output())
        .contains("Rows      30: failed 4, ok 26")
        .contains("Resumed   26 rows taken over from an interrupted run");
    assertThat(folder.resolve(".out.publish")).doesNotExist();
  }

  @Test
  void anOldTableOutlivesARunWithTooManyFailures() throws IOException {
    assertThat(JobRun.embed(folder).code()).isEqualTo(Main.SUCCEEDED);
    Path model = TinyModels.failingOnPoison(folder.resolve("model"));
    JobRun run = JobRun.embed(folder, "--model=" + model, "--mode=overwrite", "--max-failed=0.13");
    assertThat(run.code()).isEqualTo(Main.FAILED);
    assertThat(run.err().get(1)).contains("4 of 30 rows failed, more than 13 %");
    assertThat(rows().stream().map(row -> row.<String>getAs("embedding_status")))
        .hasSize(ROWS)
        .containsOnly("ok");
  }

  @Test
  void rowsThatMayFailSayWhyAndLeaveOthersAlone() throws IOException {
    assertOnlyPoisonedRowsFail(
        TinyModels.failingOnPoison(folder.resolve("model")), "Cannot encode a batch of [1, ");
  }

  @Test
  void aValueThatIsNoNumberIsAFailure() throws IOException {
    assertOnlyPoisonedRowsFail(
        TinyModels.nanOnPoison(folder.resolve("model")),
        "Cannot encode: the model returned a value that is not finite, NaN");
  }

  @Test
  void otherFormatsFailWithoutATraceToo() throws IOException {
    Path model = TinyModels.nanOnPoison(folder.resolve("model"));
    JobRun run = JobRun.embed(folder, "--model=" + model, "--output-format=orc");
    assertThat(run.code()).isEqualTo(Main.FAILED);
    assertThat(run.err().get(1)).contains("Cannot write table: 4 of 30 rows failed");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private void assertOnlyPoisonedRowsFail(Path model, String reason) {
    assertThat(JobRun.embed(folder).code()).isEqualTo(Main.SUCCEEDED);
    List<Row> sound = rows();
    JobRun run = JobRun.embed(folder, "--model=" + model, "--max-failed=0.5", "--mode=overwrite");
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(run.output()).contains("Rows      30: failed 4, ok 26");
    List<Row> found = rows();
    for (int id = 0; id < ROWS; id++) {
      Row row = found.get(id);
      if (POISONED.contains(id)) {
        assertThat(row.<String>getAs("embedding_status")).isEqualTo("failed");
        assertThat(row.<String>getAs("embedding_error")).startsWith(reason);
        assertThat(row.<Object>getAs("embedding")).isNull();
        assertThat(row.<Integer>getAs("embedding_tokens"))
            .isEqualTo(sound.get(id).<Integer>getAs("embedding_tokens"));
      } else {
        assertThat(row.<String>getAs("embedding_status")).isEqualTo("ok");
        assertThat(row.<String>getAs("embedding_error")).isNull();
        assertClose(row, sound.get(id));
      }
    }
  }

  private static void assertClose(Row found, Row expected) {
    List<Float> vector = found.getList(found.fieldIndex("embedding"));
    List<Float> sound = expected.getList(expected.fieldIndex("embedding"));
    assertThat(vector).hasSameSizeAs(sound);
    for (int i = 0; i < vector.size(); i++) {
      assertThat(Math.abs(vector.get(i) - sound.get(i))).isLessThan(1e-5f);
    }
  }

  private List<Row> rows() {
    return TestSpark.session()
        .read()
        .parquet(folder.resolve("out").toString())
        .orderBy("id")
        .collectAsList();
  }
}
