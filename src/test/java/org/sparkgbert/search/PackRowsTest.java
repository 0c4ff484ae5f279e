package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

/** Rows are packed from columns where Spark reads such, and are the same either way. */
class PackRowsTest {
  private static final String TABLE =
      """
      SELECT id, CASE WHEN id % 5 > 0 THEN concat('Text ', id) END AS text,
        struct(id AS number, array(CAST(id AS STRING), NULL) AS words) AS carried,
        CASE id % 7
          WHEN 1 THEN NULL
          WHEN 2 THEN CAST(array() AS ARRAY<FLOAT>)
          WHEN 3 THEN array(1.5F, NULL, CAST(id AS FLOAT))
          WHEN 4 THEN array(FLOAT('NaN'), -0F, FLOAT('Infinity'))
          ELSE array(CAST(id AS FLOAT), CAST(id % 3 AS FLOAT), 0.25F)
        END AS embedding, CAST(id % 2 AS INT) AS part
      FROM range(0, 200, 1, 3)
      """;

  @TempDir private static Path folder;
  private static List<String> expected;

  @BeforeAll
  static void writeTables() {
    Dataset<Row> table = TestSpark.compiling().sql(TABLE);
    expected = packed(table.select("id", "text", "carried", "embedding"));
    table.write().parquet(path("plain"));
    table.write().option("parquet.enable.dictionary", false).parquet(path("no-dictionary"));
    table.write().option("compression", "none").orc(path("orc"));
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  static StructType key(Dataset<Row> rows) {
    StructType key = new StructType();
    for (StructField field : Arrays.copyOf(rows.schema().fields(), rows.columns().length - 1)) {
      key = key.add(field.name(), field.dataType());
    }
    return key;
  }

  static List<String> packed(Dataset<Row> rows) {
    return PackRows.of(rows, key(rows)).map(PackRowsTest::shown).collect().stream()
        .sorted()
        .toList();
  }

  private static String shown(PackedRow row) {
    return HexFormat.of().formatHex(row.key()) + " " + Arrays.toString(row.vector());
  }

  static boolean readsColumns(Dataset<Row> rows) {
    return PlanColumns.of(((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution())
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "plain, true, spark.sql.codegen.wholeStage, true",
    "no-dictionary, true, spark.sql.codegen.wholeStage, true",
    "orc, true, spark.sql.orc.enableNestedColumnVectorizedReader, true",
    "plain, true, spark.sql.parquet.columnarReaderBatchSize, 3",
    "plain, true, spark.sql.columnVector.offheap.enabled, true",
    "plain, false, spark.sql.parquet.enableVectorizedReader, false",
    "plain, false, spark.sql.parquet.enableNestedColumnVectorizedReader, false",
    "plain, false, spark.sql.codegen.wholeStage, false",
    "orc, false, spark.sql.orc.enableNestedColumnVectorizedReader, false"
  })
  void filesGiveTheSameRowsWhicheverWayTheyAreRead(
      String table, boolean columns, String setting, String value) {
    SparkSession spark = TestSpark.compiling();
    spark.conf().set(setting, value);
    Dataset<Row> rows =
        (table.equals("orc") ? spark.read().orc(path(table)) : spark.read().parquet(path(table)))
            .select("id", "text", "carried", "embedding");
    assertThat(readsColumns(rows)).isEqualTo(columns);
    assertThat(packed(rows)).isEqualTo(expected);
  }

  @Test
  void viewsThatSelectAndRenameColumnsAreReadByColumns() {
    SparkSession spark = TestSpark.compiling();
    spark.read().parquet(path("plain")).createOrReplaceTempView("plain");
    spark.sql(
        "CREATE OR REPLACE TEMPORARY VIEW renamed AS"
            + " SELECT embedding AS e, carried, part, text AS t, id AS number FROM plain");
    Dataset<Row> rows = spark.table("renamed").select("number", "t", "carried", "e");
    assertThat(readsColumns(rows)).isTrue();
    assertThat(packed(rows)).isEqualTo(expected);
  }

  @Test
  void columnsOfDirectoriesAndOfSomeFilesAreReadLikeOthers() {
    SparkSession spark = TestSpark.compiling();
    Dataset<Row> table = spark.sql(TABLE);
    table.write().partitionBy("part").parquet(path("parts"));
    table
        .limit(20)
        .select("id", "embedding")
        .write()
        .mode(SaveMode.Append)
        .parquet(path("parts") + "/part=7");
    Dataset<Row> rows =
        spark
            .read()
            .option("mergeSchema", true)
            .parquet(path("parts"))
            .select("part", "text", "embedding");
    assertThat(readsColumns(rows)).isTrue();
    List<String> byColumns = packed(rows);
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", false);
    Dataset<Row> again =
        rows.sparkSession().read().option("mergeSchema", true).parquet(path("parts"));
    assertThat(readsColumns(again.select("part", "text", "embedding"))).isFalse();
    assertThat(byColumns).hasSize(220).isEqualTo(packed(again.select("part", "text", "embedding")));
  }

  @Test
  void whatIsComputedComesInRows() {
    SparkSession spark = TestSpark.compiling();
    Dataset<Row> table =
        spark.read().parquet(path("plain")).select("id", "text", "carried", "embedding");
    Dataset<Row> computed =
        table.withColumn("text", org.apache.spark.sql.functions.expr("concat(text, '')"));
    Dataset<Row> union = table.where("id < 50").union(table.where("id >= 50"));
    Dataset<Row> cached = table.cache();
    try {
      for (Dataset<Row> rows : List.of(computed, union, cached, table.orderBy("id"))) {
        assertThat(readsColumns(rows)).isFalse();
        assertThat(packed(rows)).isEqualTo(expected);
      }
    } finally {
      cached.unpersist();
    }
  }
}
