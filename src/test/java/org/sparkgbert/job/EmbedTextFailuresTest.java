package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** Texts that a model cannot encode, in SQL. */
class EmbedTextFailuresTest {
  @TempDir Path folder;

  @Test
  void aTextThatFailsGivesNullAndSaysWhyAndAConstantFailsTheQuery() throws IOException {
    Path model = TinyModels.failingOnPoison(folder.resolve("model"));
    SparkSession session = TestSpark.compiling();
    session.conf().set("spark.gbert.model", model.toString());
    session.conf().set("spark.gbert.device", "cpu");
    String poisoned = "Der Zug " + TinyModels.POISON;
    TestSpark.texts(List.of("Der Zug", poisoned), 1)
        .write()
        .parquet(folder.resolve("texts").toString());
    List<Row> rows =
        session
            .sql(
                "SELECT embed_text(text) IS NULL, embed_text_status(text), embed_text_error(text) FROM parquet.`%s` ORDER BY id"
                    .formatted(folder.resolve("texts")))
            .collectAsList();
    assertThat(rows.get(0).toString()).isEqualTo("[false,ok,null]");
    assertThat(rows.get(1).toString()).startsWith("[true,failed,Cannot encode a batch of [1, ");
    assertThatThrownBy(
            () -> session.sql("SELECT embed_text('%s')".formatted(poisoned)).collectAsList())
        .hasStackTraceContaining("Cannot embed the constant text '%s': ".formatted(poisoned));
  }
}
