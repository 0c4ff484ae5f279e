package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.LakeSession;
import org.sparkgbert.embed.TinyBert;

/** A table of Iceberg that is kept up to date by {@code MERGE} from a view with embeddings. */
class EmbedTextLakeIT {
  @TempDir static Path folder;

  private static SparkSession session;
  private static CountEncodings count;

  @BeforeAll
  static void open() {
    session = LakeSession.open(folder.resolve("warehouse"));
    session.conf().set("spark.gbert.model", TinyBert.directory().toString());
    session.conf().set("spark.gbert.device", "cpu");
    count = new CountEncodings(session);
  }

  @AfterAll
  static void close() {
    count.close();
    LakeSession.close();
  }

  @ParameterizedTest
  @CsvSource({
    "copy-on-write, hash, true",
    "copy-on-write, hash, false",
    "copy-on-write, range, true",
    "copy-on-write, range, false",
    "merge-on-read, hash, true",
    "merge-on-read, range, false"
  })
  void aMergeEncodesEachChangedTextOnce(String mode, String distribution, boolean adaptive)
      throws Exception {
    session.conf().set("spark.sql.adaptive.enabled", adaptive);
    session.sql("DROP TABLE IF EXISTS lake.db.texts PURGE");
    session.sql("DROP TABLE IF EXISTS lake.db.source PURGE");
    session.sql(
        ("CREATE TABLE lake.db.texts (id BIGINT, text STRING, v ARRAY<FLOAT>) USING iceberg"
                + " TBLPROPERTIES ('format-version' = '2', 'write.merge.mode' = '%s',"
                + " 'write.distribution-mode' = '%s')")
            .formatted(mode, distribution));
    if (distribution.equals("range")) {
      Spark3Util.loadIcebergTable(session, "lake.db.texts").replaceSortOrder().asc("id").commit();
      session.sql("REFRESH TABLE lake.db.texts");
    }
    session.sql(
        "CREATE TABLE lake.db.source USING iceberg AS SELECT id, concat('Text ', id) AS text FROM range(1000)");
    count.take();
    session.sql("INSERT INTO lake.db.texts SELECT id, text, embed_text(text) FROM lake.db.source");
    assertThat(count.take()).isEqualTo(1000);
    session.sql("UPDATE lake.db.source SET text = concat(text, ' neu') WHERE id < 200");
    session.sql("INSERT INTO lake.db.source SELECT id, concat('Text ', id) FROM range(1000, 1083)");
    session.sql(
        """
        CREATE OR REPLACE TEMPORARY VIEW changed AS
        SELECT s.id, s.text, embed_text(s.text) AS v
        FROM lake.db.source s LEFT ANTI JOIN lake.db.texts t ON s.id = t.id AND s.text <=> t.text
        """);
    session.sql(
        """
        MERGE INTO lake.db.texts t USING changed s ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET text = s.text, v = s.v
        WHEN NOT MATCHED THEN INSERT *
        """);
    assertThat(count.take()).isEqualTo(283);
    assertThat(
            session
                .sql(
                    "SELECT count(*), count(v) FROM lake.db.texts WHERE vector_l1_distance(v, embed_text(text)) < 1e-4")
                .head()
                .toString())
        .isEqualTo("[1083,1083]");
    count.take();
    session.sql(
        """
        MERGE INTO lake.db.texts t USING (SELECT id, text FROM lake.db.source WHERE id < 20) s
        ON t.id = s.id
        WHEN MATCHED THEN UPDATE SET v = embed_text(s.text)
        """);
    assertThat(count.take()).as("a call in a clause").isEqualTo(20);
    session.sql(
        "DELETE FROM lake.db.texts WHERE vector_cosine_similarity(v, embed_text('Text 7')) > 0.9999999 AND size(embed_text(text)) = 32");
    count.take();
  }
}
