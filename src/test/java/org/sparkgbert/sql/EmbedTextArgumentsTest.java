package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert;

/** What {@code embed_text} takes, and where. */
class EmbedTextArgumentsTest {
  private SparkSession session;

  @BeforeEach
  void open() {
    session = TestSpark.compiling();
    session.conf().set("spark.gbert.model", TinyBert.directory().toString());
    session.conf().set("spark.gbert.device", "cpu");
  }

  @Test
  void aLengthWithoutRoomForATextIsRefused() {
    session.sql("SET spark.gbert.maxSeqLength=2");
    assertThatThrownBy(() -> session.sql("SELECT embed_text(string(id)) FROM range(2)"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leaves no room in a max sequence length of 2");
  }

  @Test
  void textsMayHaveAnyCollation() {
    assertThat(
            session
                .sql(
                    "SELECT max(size(embed_text(string(id) COLLATE UTF8_LCASE))), max(size(embed_text('Haus' COLLATE UNICODE_CI))) FROM range(2)")
                .head()
                .toString())
        .isEqualTo("[%1$d,%1$d]".formatted(TinyBert.DIMENSION));
  }

  @Test
  void aColumnMayHaveItAsDefault() {
    session.sql(
        "CREATE TABLE defaults (id INT, v ARRAY<FLOAT> DEFAULT embed_text('Haus')) USING parquet");
    try {
      session.sql("INSERT INTO defaults (id) VALUES (1)");
      assertThat(session.sql("SELECT v = embed_text('Haus') FROM defaults").head().getBoolean(0))
          .isTrue();
    } finally {
      session.sql("DROP TABLE defaults");
    }
  }
}
