package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert.Golden;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

class SentenceEmbedderTest {
  private static final EmbeddingColumns COLUMNS = new EmbeddingColumns("embedding");

  private static List<String> goldenTexts() {
    return TinyBert.golden().stream().map(Golden::text).toList();
  }

  /** Golden texts, among them null, blank and equal ones. */
  private static List<String> mixedTexts() {
    List<String> texts = new ArrayList<>(goldenTexts());
    texts.add(0, null);
    texts.add(5, "");
    texts.add(9, " \t\u200b\n");
    texts.addAll(goldenTexts().subList(0, 7));
    texts.add(null);
    return texts;
  }

  private static float[] vector(Row row) {
    List<Float> values = row.getList(row.fieldIndex("embedding"));
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }

  private static void assertSameVector(Row row, float[] expected) {
    assertThat(vector(row)).containsExactly(expected, within(TinyBert.TOLERANCE));
  }

  @Test
  void addsFourColumnsToTheSchema() {
    Dataset<Row> texts = TestSpark.texts(List.of("Hallo"), 1);
    StructType schema = TinyBert.embedder().transform(texts).schema();
    assertThat(schema.fieldNames())
        .containsExactly(
            "id", "text", "embedding", "embedding_status", "embedding_tokens", "embedding_error");
    StructField embedding = schema.apply("embedding");
    assertThat(embedding.dataType())
        .isEqualTo(DataTypes.createArrayType(DataTypes.FloatType, false));
    assertThat(embedding.nullable()).isTrue();
    assertThat(schema.apply("embedding_status").dataType()).isEqualTo(DataTypes.StringType);
    assertThat(schema.apply("embedding_status").nullable()).isFalse();
    assertThat(schema.apply("embedding_tokens").dataType()).isEqualTo(DataTypes.IntegerType);
    assertThat(schema.apply("embedding_error").dataType()).isEqualTo(DataTypes.StringType);
  }

  @Test
  void transformSchemaSaysWhatTransformMakes() {
    Dataset<Row> texts = TestSpark.texts(List.of("Hallo"), 1);
    SentenceEmbedder embedder =
        TinyBert.embedder().setOutputCol("v").set(TextOptions.LONG_TEXT, LongText.CHUNKS);
    assertThat(embedder.transformSchema(texts.schema()).json())
        .isEqualTo(embedder.transform(texts).schema().json());
  }

  @Test
  void vectorsAreThoseOfPyTorch() {
    List<Row> rows =
        TinyBert.embedder()
            .set(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE)
            .transform(TestSpark.texts(goldenTexts(), 2))
            .collectAsList();
    List<Golden> golden = TinyBert.golden();
    assertThat(rows).hasSameSizeAs(golden);
    for (int i = 0; i < golden.size(); i++) {
      assertSameVector(rows.get(i), golden.get(i).embedding());
      assertThat(rows.get(i).<Integer>getAs("embedding_tokens")).isEqualTo(golden.get(i).tokens());
      assertThat(rows.get(i).<String>getAs("embedding_status"))
          .as(golden.get(i).text())
          .isEqualTo(golden.get(i).tokens() > 128 ? "truncated" : "ok");
      assertThat(rows.get(i).<String>getAs("embedding_error")).isNull();
    }
  }

  @Test
  void nullAndBlankTextsAreEmpty() {
    List<Row> rows =
        TinyBert.embedder()
            .transform(TestSpark.texts(Arrays.asList(null, "", "  ", "\u0000\u200b\n", "da"), 1))
            .collectAsList();
    assertThat(rows.subList(0, 4))
        .allSatisfy(
            row -> {
              assertThat(row.isNullAt(row.fieldIndex("embedding"))).isTrue();
              assertThat(row.<String>getAs("embedding_status")).isEqualTo("empty");
              assertThat(row.<Integer>getAs("embedding_tokens")).isZero();
              assertThat(row.<String>getAs("embedding_error")).isNull();
            });
    assertThat(rows.get(4).<String>getAs("embedding_status")).isEqualTo("ok");
  }

  @Test
  void rowsStayInOrderInsideTheirPartition() {
    Dataset<Row> texts =
        TestSpark.texts(mixedTexts(), 3).selectExpr("*", "spark_partition_id() AS partition");
    Dataset<Row> embedded =
        TinyBert.embedder()
            .set(EncoderOptions.WINDOW_ROWS, 4)
            .transform(texts)
            .selectExpr("id", "text", "partition", "spark_partition_id() AS now");
    List<Row> rows = embedded.collectAsList();
    assertThat(rows.stream().map(row -> row.getInt(0)).toList())
        .isEqualTo(texts.collectAsList().stream().map(row -> row.getInt(0)).toList());
    assertThat(rows.stream().map(row -> row.getString(1)).toList()).isEqualTo(mixedTexts());
    assertThat(rows).allSatisfy(row -> assertThat(row.getInt(2)).isEqualTo(row.getInt(3)));
  }

  @Test
  void otherColumnsPassUnchanged() {
    Dataset<Row> wide =
        TestSpark.texts(goldenTexts().subList(0, 5), 2)
            .selectExpr(
                "DATE'2026-11-23' AS day",
                "TIMESTAMP'2026-11-23 12:00:00' AS moment",
                "CAST(id AS DECIMAL(10, 2)) AS price",
                "CAST(text AS BINARY) AS bytes",
                "array(id, NULL) AS numbers",
                "map('id', id) AS named",
                "struct(id, text) AS pair",
                "CAST(NULL AS INT) AS nothing",
                "text AS `der.Text`");
    Dataset<Row> embedded = TinyBert.embedder().setInputCol("der.Text").transform(wide);
    assertThat(embedded.drop(COLUMNS.names().toArray(String[]::new)).collectAsList())
        .isEqualTo(wide.collectAsList());
    assertSameVector(embedded.first(), TinyBert.golden().get(0).embedding());
  }

  @Test
  void theMetadataOfOtherColumnsPassesToo() {
    Metadata metadata = new MetadataBuilder().putString("comment", "Artikeltext").build();
    Dataset<Row> texts =
        TestSpark.texts(List.of("Hallo"), 1).select(functions.col("text").as("a`b.c", metadata));
    StructType schema = TinyBert.embedder().setInputCol("a`b.c").transform(texts).schema();
    assertThat(schema.apply("a`b.c").metadata()).isEqualTo(metadata);
  }

  @Test
  void aTableWithoutRowsStaysEmpty() {
    assertThat(TinyBert.embedder().transform(TestSpark.texts(List.of(), 1)).collectAsList())
        .isEmpty();
  }

  private record Variant(String name, int partitions, UnaryOperator<SentenceEmbedder> settings) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Variant> variants() {
    return Stream.of(
        new Variant("one partition", 1, embedder -> embedder),
        new Variant("many partitions", 60, embedder -> embedder),
        new Variant(
            "windows of one row", 2, embedder -> embedder.set(EncoderOptions.WINDOW_ROWS, 1)),
        new Variant(
            "windows of five rows", 2, embedder -> embedder.set(EncoderOptions.WINDOW_ROWS, 5)),
        new Variant(
            "a budget below one text", 2, embedder -> embedder.set(EncoderOptions.TOKEN_BUDGET, 1)),
        new Variant(
            "a budget of a few texts",
            2,
            embedder -> embedder.set(EncoderOptions.TOKEN_BUDGET, 300)),
        new Variant("no dedupe", 2, embedder -> embedder.set(EncoderOptions.DEDUPE, false)),
        new Variant("two threads", 2, embedder -> embedder.set(DeviceOptions.THREADS, 2)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void howRowsAreBatchedDoesNotChangeThem(Variant variant) {
    Map<Integer, Row> expected = byId(TinyBert.embedder(), 2);
    Map<Integer, Row> found =
        byId(variant.settings().apply(TinyBert.embedder()), variant.partitions());
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<Integer, Row> entry : expected.entrySet()) {
      Row row = found.get(entry.getKey());
      for (String column : List.of("embedding_status", "embedding_tokens", "embedding_error")) {
        assertThat(row.<Object>getAs(column)).isEqualTo(entry.getValue().getAs(column));
      }
      if (entry.getValue().isNullAt(2)) {
        assertThat(row.isNullAt(2)).isTrue();
      } else {
        assertSameVector(row, vector(entry.getValue()));
      }
    }
  }

  private static Map<Integer, Row> byId(SentenceEmbedder embedder, int partitions) {
    List<Row> rows = embedder.transform(TestSpark.texts(mixedTexts(), partitions)).collectAsList();
    return rows.stream().collect(Collectors.toMap(row -> row.getInt(0), row -> row));
  }

  @Test
  void unicodeFormDecidesAboutUmlautsInTwoCharacters() {
    List<String> both = List.of("Bu\u0308rger", "B\u00fcrger");
    List<Row> nfc = TinyBert.embedder().transform(TestSpark.texts(both, 1)).collectAsList();
    assertSameVector(nfc.get(0), vector(nfc.get(1)));
    List<Row> none =
        TinyBert.embedder()
            .set(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE)
            .transform(TestSpark.texts(both, 1))
            .collectAsList();
    assertThat(vector(none.get(0))).isNotEqualTo(vector(none.get(1)));
  }

  @Test
  void aTextIsCutAtTheGivenCountOfCharacters() {
    List<Row> rows =
        TinyBert.embedder()
            .set(TextOptions.MAX_CHARACTERS, 4)
            .transform(TestSpark.texts(List.of("Hausboot", "Haus"), 1))
            .collectAsList();
    assertThat(rows)
        .extracting(row -> row.getAs("embedding_status"))
        .containsExactly("truncated", "ok");
    assertSameVector(rows.get(0), vector(rows.get(1)));
  }

  @Test
  void aLongTextIsCutOrSplit() {
    Dataset<Row> texts = TestSpark.texts(List.of("Haus Boot Haus Boot Haus Boot Haus Boot"), 1);
    Row whole = TinyBert.embedder().transform(texts).first();
    Row cut = TinyBert.embedder().set(EncoderOptions.MAX_SEQ_LENGTH, 6).transform(texts).first();
    Row chunks =
        TinyBert.embedder()
            .set(EncoderOptions.MAX_SEQ_LENGTH, 6)
            .set(TextOptions.LONG_TEXT, LongText.CHUNKS)
            .transform(texts)
            .first();
    assertThat(whole.<String>getAs("embedding_status")).isEqualTo("ok");
    assertThat(cut.<String>getAs("embedding_status")).isEqualTo("truncated");
    assertThat(chunks.<String>getAs("embedding_status")).isEqualTo("ok");
    assertThat(cut.<Integer>getAs("embedding_tokens"))
        .isEqualTo(whole.<Integer>getAs("embedding_tokens"));
    assertThat(vector(cut)).isNotEqualTo(vector(whole)).isNotEqualTo(vector(chunks));
  }
}
