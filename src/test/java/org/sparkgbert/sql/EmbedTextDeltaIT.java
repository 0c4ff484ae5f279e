package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.LakeSession;
import org.sparkgbert.embed.TinyBert;

/** Tables of Delta that SQL with embeddings changes. */
class EmbedTextDeltaIT {
  @TempDir static Path folder;

  private static SparkSession session;
  private static String table;

  @BeforeAll
  static void open() {
    session = LakeSession.open(folder.resolve("warehouse"));
    session.conf().set("spark.gbert.model", TinyBert.directory().toString());
    session.conf().set("spark.gbert.device", "cpu");
    session.sql("SET spark.gbert.maxSeqLength=8");
    table = "delta.`" + folder.resolve("texts") + "`";
    session.sql(
        "CREATE TABLE "
            + table
            + " USING delta AS SELECT id, text, embed_text(text) AS v FROM"
            + " (SELECT id, concat('Text ', id) AS text FROM range(0, 40, 1, 4))");
  }

  @AfterAll
  static void close() {
    LakeSession.close();
  }

  private static long count(String condition) {
    return session.sql("SELECT * FROM " + table + " WHERE " + condition).count();
  }

  @Test
  void conditionsWithCallsFindTheirFiles() {
    long before = count("true");
    String same = "vector_cosine_similarity(embed_text(text), embed_text('%s')) > 0.9999999";
    session.sql("DELETE FROM " + table + " WHERE " + same.formatted("Text 7"));
    assertThat(count("id = 7")).isZero();
    assertThat(count("true")).isEqualTo(before - 1);
    session.sql("UPDATE " + table + " SET id = 1000 WHERE " + same.formatted("Text 8"));
    assertThat(count("id = 1000 AND text = 'Text 8'")).isEqualTo(1);
    assertThat(count("true")).isEqualTo(before - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO %s SELECT id, text, embed_text(text) FROM s",
        "UPDATE %s SET v = embed_text(text) WHERE id = 3",
        "MERGE INTO %s t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = embed_text(s.text)",
        "MERGE INTO %s t USING (SELECT id, text, embed_text(text) AS v FROM s) n ON t.id = n.id"
            + " WHEN NOT MATCHED THEN INSERT *"
      })
  void aTableTakesNoVectorsOfOtherSettings(String write) {
    session.sql("SET spark.gbert.maxSeqLength=16");
    session.sql("SELECT 5L AS id, 'Text 5' AS text").createOrReplaceTempView("s");
    try {
      assertThatThrownBy(() -> session.sql(write.formatted(table)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot write embeddings to column ")
          .hasMessageContaining("max_seq_length (8 and 16)");
    } finally {
      session.sql("SET spark.gbert.maxSeqLength=8");
    }
    session.sql(write.formatted(table));
    assertThat(count("v IS NULL")).isZero();
  }
}
