package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.LakeSession;

/** Tables of Iceberg and Delta are packed like the rows they were made of, whatever was deleted. */
@Tag("long")
class PackRowsLakeIT {
  private static final String ROWS =
      """
      SELECT id, concat('Text ', id) AS text, CASE id % 5
        WHEN 1 THEN NULL
        WHEN 2 THEN array(1.5F, NULL, CAST(id AS FLOAT))
        ELSE array(CAST(id AS FLOAT), CAST(id % 3 AS FLOAT), 0.25F)
      END AS embedding FROM range(0, 200, 1, 3)
      """;

  @TempDir private static Path folder;
  private static SparkSession session;

  @BeforeAll
  static void open() {
    session = LakeSession.open(folder.resolve("warehouse"));
    session.conf().set("spark.sql.codegen.wholeStage", true);
    session.conf().set("spark.sql.codegen.factoryMode", "FALLBACK");
  }

  @AfterAll
  static void close() {
    LakeSession.close();
  }

  @ParameterizedTest
  @CsvSource({
    "delta, '', true",
    "delta, ' TBLPROPERTIES (''delta.enableDeletionVectors'' = ''true'')', false",
    "delta, ' TBLPROPERTIES (''delta.columnMapping.mode'' = ''name'')', true",
    "iceberg, '', false",
    "iceberg, ' TBLPROPERTIES (''write.delete.mode'' = ''merge-on-read'')', false"
  })
  void tablesGiveTheRowsThatAreLeft(String format, String properties, boolean columns) {
    String name = format.equals("delta") ? "texts" : "lake.db.texts";
    session.sql("DROP TABLE IF EXISTS " + name);
    session.sql("CREATE TABLE " + name + " USING " + format + properties + " AS " + ROWS);
    session.sql("DELETE FROM " + name + " WHERE id % 7 = 3");
    Dataset<Row> rows = session.table(name).select("id", "text", "embedding");
    List<String> expected =
        PackRowsTest.packed(session.sql("SELECT * FROM (" + ROWS + ") WHERE id % 7 <> 3"));
    assertThat(PackRowsTest.packed(rows)).hasSizeGreaterThan(150).isEqualTo(expected);
    assertThat(PackRowsTest.readsColumns(rows)).isEqualTo(columns);
  }
}
