package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;

/** Columns whose values are names of directories keep their types and values. */
@Tag("long")
class PartitionColumnsTest {
  private static final String GUESS = SQLConf.PARTITION_COLUMN_TYPE_INFERENCE().key();

  @TempDir private Path folder;

  private final SparkSession spark = TestSpark.session();

  @BeforeEach
  void writeTexts() {
    texts("('01067', date'2026-01-01', 7, 1.50), ('06108', date'2026-01-02', 8, 2.25)");
  }

  @AfterEach
  void guessAsBefore() {
    spark.conf().unset(GUESS);
  }

  private void texts(String rows) {
    spark
        .sql(
            "SELECT 'Text ' || n || ' ist da.' AS text, plz, CAST(day AS DATE) AS day, n,"
                + " CAST(amount AS DECIMAL(9,2)) AS amount FROM VALUES "
                + rows
                + " AS t(plz, day, n, amount)")
        .write()
        .mode("overwrite")
        .parquet(folder.resolve("in").toString());
  }

  private JobRun embed(String... options) {
    return JobRun.embed(folder, options);
  }

  private static List<String> types(Dataset<Row> rows) {
    return Arrays.stream(rows.schema().fields())
        .map(field -> field.name() + " " + field.dataType().simpleString())
        .toList();
  }

  private JobRun cluster(Path input, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("cluster", "--k=2", "--restarts=1", "--input=" + input, "--mode=overwrite"));
    arguments.add("--output=" + folder.resolve("clusters"));
    arguments.addAll(List.of(more));
    return JobRun.of(arguments.toArray(String[]::new));
  }

  private Dataset<Row> assignments() {
    return spark.read().parquet(folder.resolve("clusters/assignments").toString());
  }

  @Test
  void ourOwnTablesAreReadBackWithTheirTypes() {
    assertThat(embed("--partition-by=plz,day,n,amount").code()).isZero();
    Path table = folder.resolve("out");
    assertThat(JobRun.of("check", table.toString()).output()).contains("is valid: 2 rows");
    assertThat(cluster(table).code()).isZero();
    assertThat(types(assignments()))
        .contains("plz string", "day date", "n int", "amount decimal(9,2)");
    assertThat(assignments().select("plz").orderBy("plz").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("01067", "06108");
    assertThat(assignments().where("day = date'2026-01-02' AND n = 8 AND amount = 2.25").count())
        .isEqualTo(1);
  }

  @Test
  void partOfOurTableKeepsItsTypesToo() throws IOException {
    assertThat(embed("--partition-by=plz").code()).isZero();
    Path moved = Files.createDirectory(folder.resolve("moved"));
    for (String plz : List.of("plz=01067", "plz=06108")) {
      Files.move(folder.resolve("out").resolve(plz), moved.resolve(plz));
    }
    assertThat(cluster(moved).code()).isZero();
    assertThat(types(assignments())).contains("plz string");
  }

  @Test
  void idsThatAreDirectoriesAreFoundAsTheyAre() {
    assertThat(embed("--partition-by=plz").code()).isZero();
    spark.sql("SELECT '01067' AS id1, '06108' AS id2").write().parquet(path("links"));
    JobRun scored =
        JobRun.of(
            "sts",
            "--input=" + path("links"),
            "--output=" + path("scored"),
            "--embeddings=" + path("out"),
            "--id-column=plz");
    assertThat(scored.code()).as(scored.err().toString()).isZero();
    assertThat(spark.read().parquet(path("scored")).where("similarity_status = 'ok'").count())
        .isEqualTo(1);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json", "csv", "orc"})
  void inTablesOfOthersNamesOfDirectoriesAreStringsUnlessAsked(String format) {
    Path foreign = folder.resolve("foreign");
    spark
        .read()
        .parquet(path("in"))
        .select("text", "plz", "day")
        .write()
        .format(format)
        .option("header", "true")
        .partitionBy("plz", "day")
        .save(foreign.toString());
    String[] options = {
      "--input=" + foreign, "--format=" + format, "--mode=overwrite", "--read-option=header=true"
    };
    assertThat(embed(options).code()).isZero();
    assertThat(types(spark.read().parquet(path("out")))).contains("plz string", "day string");
    spark.conf().set(GUESS, "true");
    assertThat(embed(options).code()).isZero();
    assertThat(types(spark.read().parquet(path("out")))).contains("plz int", "day date");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "__HIVE_DEFAULT_PARTITION__"})
  void aValueThatWouldBecomeNullIsRefused(String value) {
    texts(
        "('01067', null, 7, 1.50), (null, null, 7, 1.50), ('%s', null, 8, 2.25)".formatted(value));
    for (String format : List.of("parquet", "json")) {
      JobRun run = embed("--partition-by=plz", "--output-format=" + format);
      assertThat(run.err())
          .last()
          .isEqualTo(
              "spark-gbert: Cannot partition by column 'plz': as the name of a directory its value '%s' is read as null; replace it by another value, or leave the column out of the partitions of the output"
                  .formatted(value));
      assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "json"})
  void aTimestampIsRefusedBeforeAnythingIsWritten(String format) {
    spark
        .sql("SELECT 'Ein Text.' AS text, TIMESTAMP'2026-10-25 00:30:00Z' AS seen")
        .write()
        .mode("overwrite")
        .parquet(path("in"));
    JobRun run = embed("--partition-by=seen", "--output-format=" + format);
    assertThat(run.err())
        .last()
        .isEqualTo(
            "spark-gbert: Cannot partition by column 'seen': as the name of a directory a timestamp would lose its time zone; partition by a date or string column, or write Iceberg or Delta");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aTimestampWithoutAZoneStays() {
    String value = "2026-10-25 02:30:00.123456";
    spark
        .sql("SELECT 'Ein Text.' AS text, TIMESTAMP_NTZ'%s' AS seen".formatted(value))
        .write()
        .mode("overwrite")
        .parquet(path("in"));
    assertThat(embed("--partition-by=seen").code()).isZero();
    assertThat(JobRun.of("check", path("out")).code()).isZero();
    Dataset<Row> table = spark.read().parquet(path("out"));
    assertThat(table.where("seen = TIMESTAMP_NTZ'%s'".formatted(value)).count()).isEqualTo(1);
  }

  @Test
  void nullStaysNull() {
    texts("('01067', null, 7, 1.50), (null, null, 8, 2.25)");
    assertThat(embed("--partition-by=plz").code()).isZero();
    assertThat(JobRun.of("check", path("out")).code()).isZero();
    assertThat(cluster(folder.resolve("out")).code()).isZero();
    assertThat(assignments().where(functions.col("plz").isNull()).count()).isEqualTo(1);
  }

  @Test
  void otherTypesInTheManifestAreFound() throws IOException {
    assertThat(embed("--partition-by=plz").code()).isZero();
    TableOnDisk table = new TableOnDisk(folder.resolve("out"));
    Files.deleteIfExists(folder.resolve("out/._embedding_run.json.crc"));
    ObjectNode manifest = table.manifest();
    assertThat(manifest.get("partition_types").asText()).isEqualTo("plz STRING");
    manifest.put("partition_types", "plz INT");
    table.write(manifest);
    assertThat(JobRun.of("check", path("out")).output())
        .contains("types of partitions differ, expected plz INT, found plz STRING");
  }
}
