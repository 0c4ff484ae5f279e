package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** Pairs are joined on the values that Spark reads: texts that are no UTF-8 stay different. */
class StsOriginalValuesTest {
  private static final String PAIRS =
      """
      SELECT id, CAST(a AS STRING) AS %1$s1, CAST(b AS STRING) AS %1$s2,
        date_add(DATE'1582-10-09', id) AS day
      FROM VALUES (0, X'6BFC', X'6BF6'), (1, X'6BF6', X'6BFC'), (2, X'6BFC', X'6BFC'),
        (3, CAST(NULL AS BINARY), X'6BF6') AS t(id, a, b)
      """;

  @TempDir private Path folder;

  private static List<String> shown(Dataset<Row> table, String names) {
    return table
        .orderBy("id")
        .selectExpr(
            "concat_ws(' ', hex(CAST(%1$s1 AS BINARY)), hex(CAST(%1$s2 AS BINARY)), unix_date(day), similarity_status)"
                .formatted(names))
        .as(Encoders.STRING())
        .collectAsList();
  }

  @Test
  void sentencesKeepTheirBytes() {
    PairTables.query(folder, PAIRS.formatted("sentence"));
    assertThat(shown(PairTables.scored(folder), "sentence"))
        .containsExactly(
            "6BFC 6BF6 -141433 ok",
            "6BF6 6BFC -141432 ok",
            "6BFC 6BFC -141431 ok",
            "6BF6 -141430 empty");
  }

  @Test
  void idsKeepTheirBytes() {
    TestSpark.session()
        .sql(
            """
            SELECT CAST(key AS STRING) AS id, text
            FROM VALUES (X'6BFC', 'Küche'), (X'6BF6', 'Köche') AS t(key, text)
            """)
        .write()
        .parquet(folder.resolve("texts/in").toString());
    assertThat(JobRun.embed(folder.resolve("texts")).code()).isZero();
    PairTables.query(folder, PAIRS.formatted("id"));
    Dataset<Row> table = PairTables.scored(folder, "--embeddings=" + folder.resolve("texts/out"));
    assertThat(shown(table, "id"))
        .containsExactly(
            "6BFC 6BF6 -141433 ok",
            "6BF6 6BFC -141432 ok",
            "6BFC 6BFC -141431 ok",
            "6BF6 -141430 missing");
    assertThat(table.where("cosine_similarity > 0.99999").count()).isOne();
  }

  @Test
  void partnersOfAllPairsKeepTheirBytes() {
    PairTables.query(
        folder,
        """
        SELECT CAST(key AS STRING) AS id, text, DATE'1582-10-10' AS day
        FROM VALUES (X'6BFC', 'Küche'), (X'6BF6', 'Köche') AS t(key, text)
        """);
    Dataset<Row> table = PairTables.scored(folder, "--all-pairs", "--keep-columns=day");
    assertThat(
            table
                .orderBy("id")
                .selectExpr(
                    "concat_ws(' ', hex(CAST(id AS BINARY)), hex(CAST(partner_id AS BINARY)), unix_date(day), unix_date(partner_day))")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactly("6BF6 6BFC -141432 -141432", "6BFC 6BF6 -141432 -141432");
  }
}
