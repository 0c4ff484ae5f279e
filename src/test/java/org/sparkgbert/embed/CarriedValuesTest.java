package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/** Columns beside the text have the values that Spark reads from the input, bit for bit. */
class CarriedValuesTest {
  /** Of types that ORC has too. */
  private static final List<String> EVERYWHERE =
      List.of(
          "IF(id = 1, CAST(X'6BFC' AS STRING), IF(id = 2, CAST(X'6BF6' AS STRING), 'ü')) AS latin",
          "CAST(X'FF00C3' AS STRING) AS broken",
          "date_add(DATE'1582-10-03', CAST(id AS INT)) AS day",
          "DATE'0001-01-01' AS first_day",
          "TIMESTAMP'1582-10-10 01:02:03.123456' + make_dt_interval(CAST(id AS INT)) AS moment",
          "TIMESTAMP'0001-01-01 00:00:00.000001' AS first_moment",
          "TIMESTAMP_NTZ'1582-10-10 01:02:03.123456' AS local_moment",
          "CAST(id / 7 AS DECIMAL(5, 2)) AS d5",
          "CAST(-id AS DECIMAL(18, 4)) AS d18",
          "CAST('12345678901234567890123456.789' AS DECIMAL(38, 10)) AS d38",
          "IF(id % 2 = 0, NULL, CAST('0.1' AS DECIMAL(38, 38))) AS d38_or_null",
          "map('a', array(DATE'1582-10-10', NULL), CAST(X'6BFC' AS STRING), array()) AS by_name",
          "map(DATE'1582-10-09', named_struct('x', CAST(1 AS DECIMAL(30, 2)))) AS by_day",
          "named_struct('a', named_struct('b', CAST(X'E4' AS STRING), 'c', X'00FF')) AS nested",
          "array(named_struct('d', DATE'1582-10-06', 's', CAST(X'FE' AS STRING)), NULL) AS structs",
          "unhex('00FFFC80') AS bytes",
          "CAST('NaN' AS DOUBLE) AS nan",
          "-0.0D AS minus_zero",
          "CAST(-0.0 AS FLOAT) * id AS f",
          "CAST(id AS TINYINT) AS t",
          "CAST(id AS SMALLINT) AS s",
          "id > 2 AS truth",
          "'' AS nothing",
          "CAST(NULL AS STRING) AS no_text",
          "CAST(NULL AS STRUCT<a: ARRAY<MAP<INT, DATE>>>) AS no_struct",
          "CAST(NULL AS DECIMAL(38, 2)) AS no_decimal");

  private static final List<String> IN_PARQUET =
      List.of(
          "parse_json('{\"a\": [1, null, \"ü\", 1e400]}') AS any",
          "array(parse_json('1.50')) AS anys",
          "INTERVAL '-3 04:05:06.789' DAY TO SECOND AS days",
          "INTERVAL '-5-3' YEAR TO MONTH AS years",
          "CAST(NULL AS VARIANT) AS no_variant");

  private final SparkSession spark = TestSpark.session();

  @TempDir private Path folder;

  private Dataset<Row> rows(List<String> columns) {
    List<String> all = new ArrayList<>(List.of("id", "concat('Guten Tag ', id) AS text"));
    all.addAll(columns);
    // A row of nulls, but for its id, in front.
    Dataset<Row> values = spark.range(0, 13, 1, 2).selectExpr(all.toArray(String[]::new));
    Column[] orNull =
        List.of(values.columns()).stream()
            .map(name -> name.equals("id") ? functions.col(name) : orNull(name))
            .toArray(Column[]::new);
    return values.select(orNull);
  }

  private static Column orNull(String name) {
    return functions.when(functions.col("id").gt(0), functions.col(name)).as(name);
  }

  private EmbedResult embed(String format, Settings more) {
    Settings settings =
        more.with(InputOptions.INPUT, List.of(folder.resolve("in").toString()))
            .with(InputOptions.FORMAT, format)
            .with(OutputOptions.OUTPUT, folder.resolve("out").toString())
            .with(EmbedderOptions.MODEL, TinyBert.directory().toString())
            .with(DeviceOptions.DEVICE, DeviceChoice.CPU);
    return new EmbedCorpus(EmbedSettings.of(settings)).run(spark, Progress.NONE);
  }

  private Dataset<Row> read(String format, String name) {
    return spark.read().format(format).load(folder.resolve(name).toString());
  }

  private static Dataset<Row> carried(Dataset<Row> embedded) {
    return embedded.drop(new EmbeddingColumns("embedding").names().toArray(String[]::new));
  }

  /** Spark's own bytes of each row, by id. */
  private static List<String> bytes(Dataset<Row> rows) {
    UnsafeProjection inBytes = UnsafeProjection.create(rows.schema());
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows.orderBy("id"))
        .queryExecution().toRdd().toJavaRDD().map(InternalRow::copy).collect().stream()
            .map(row -> HexFormat.of().formatHex(inBytes.apply(row).getBytes()))
            .toList();
  }

  private static List<String> values(Dataset<Row> rows, String expression) {
    return rows.orderBy("id").selectExpr(expression).as(Encoders.STRING()).collectAsList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aTableOfAllTypesIsCarriedUnchanged(String format) {
    List<String> columns = new ArrayList<>(EVERYWHERE);
    columns.addAll(format.equals("parquet") ? IN_PARQUET : List.of());
    rows(columns).write().format(format).save(folder.resolve("in").toString());
    assertThat(embed(format, Settings.NONE).rowsByStatus()).containsEntry("ok", 12L);
    Dataset<Row> before = read(format, "in");
    Dataset<Row> after = carried(read("parquet", "out"));
    assertThat(after.schema().toDDL()).isEqualTo(before.schema().toDDL());
    assertThat(bytes(after)).isEqualTo(bytes(before)).hasSize(13);
    assertThat(bytes(carried(TinyBert.embedder().transform(before)))).isEqualTo(bytes(before));
  }

  @Test
  void bytesAndDaysAreThoseThatWereWritten() {
    rows(EVERYWHERE).write().parquet(folder.resolve("in").toString());
    embed("parquet", Settings.NONE);
    Dataset<Row> after = read("parquet", "out").where("id > 0");
    assertThat(values(after, "hex(CAST(latin AS BINARY))")).startsWith("6BFC", "6BF6", "C3BC");
    assertThat(values(after, "hex(CAST(broken AS BINARY))")).containsOnly("FF00C3");
    assertThat(values(after, "CAST(unix_date(day) AS STRING)"))
        .isEqualTo(IntStream.range(-141438, -141426).mapToObj(String::valueOf).toList());
    assertThat(values(after, "CAST(day AS STRING)")).contains("1582-10-05", "1582-10-14");
    assertThat(values(after, "CAST(unix_micros(first_moment) AS STRING)"))
        .containsOnly("-62135596799999999");
    assertThat(values(after, "hex(CAST(structs[0].s AS BINARY))")).containsOnly("FE");
    assertThat(values(after, "CAST(d38 AS STRING)"))
        .containsOnly("12345678901234567890123456.7890000000");
  }

  @Test
  void aStreamCarriesThemToo() throws Exception {
    rows(EVERYWHERE).write().parquet(folder.resolve("in").toString());
    Dataset<Row> before = read("parquet", "in");
    TinyBert.embedder()
        .transform(
            spark.readStream().schema(before.schema()).parquet(folder.resolve("in").toString()))
        .writeStream()
        .format("parquet")
        .option("path", folder.resolve("out").toString())
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    assertThat(bytes(carried(read("parquet", "out")))).isEqualTo(bytes(before));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void textFilesAreCarriedAsSparkReadsThem(String format) throws Exception {
    String lines =
        format.equals("csv")
            ? "id,text,key\n1,Guten Tag,k\u00fc\n2,Guten Abend,k\u00f6\n"
            : "{\"id\":1,\"text\":\"Guten Tag\",\"key\":\"k\u00fc\"}\n";
    Files.createDirectory(folder.resolve("in"));
    Files.write(
        folder.resolve("in/a." + format),
        lines.getBytes(
            format.equals("csv") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
    embed(format, Settings.NONE.with(InputOptions.READ_OPTION, Map.of("header", "true")));
    Dataset<Row> before =
        spark.read().option("header", true).format(format).load(folder.resolve("in").toString());
    Dataset<Row> after =
        carried(read("parquet", "out")).select(ColumnNames.columns(List.of(before.columns())));
    assertThat(bytes(after)).isEqualTo(bytes(before));
  }

  @Test
  void twoThousandColumnsAreCarried() {
    List<String> columns =
        IntStream.range(0, 2000)
            .mapToObj(i -> EVERYWHERE.get(i % 8).replaceFirst("AS \\w+$", "AS c" + i))
            .toList();
    rows(columns).write().parquet(folder.resolve("in").toString());
    embed("parquet", Settings.NONE);
    assertThat(bytes(carried(read("parquet", "out")))).isEqualTo(bytes(read("parquet", "in")));
  }
}
