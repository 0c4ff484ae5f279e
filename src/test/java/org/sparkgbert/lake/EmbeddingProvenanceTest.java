package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.encode.Fingerprint;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.Version;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

class EmbeddingProvenanceTest {
  @TempDir Path folder;

  private static EmbeddingProvenance expected() throws IOException {
    return new EmbeddingProvenance(
        "tiny-bert",
        "src/test/python/make_tiny_bert.py",
        "1",
        "CC0-1.0",
        Checksums.sha256(TinyBert.directory().resolve("bundle.json")),
        Bundle.open(TinyBert.directory()).identity(),
        fingerprint().sha256(),
        TinyBert.DIMENSION,
        "mean",
        false,
        "float32",
        "",
        64,
        "chunks",
        "none",
        1000,
        "text",
        Version.CURRENT,
        null,
        null,
        null);
  }

  private static Fingerprint fingerprint() {
    String network = Bundle.open(TinyBert.directory()).manifest().network();
    return new Fingerprint(
        network, "", 64, LongText.CHUNKS, UnicodeForm.NONE, 1000, 32, false, false);
  }

  private static StructType schema() {
    return TinyBert.embedder()
        .set(EncoderOptions.MAX_SEQ_LENGTH, 64)
        .set(TextOptions.LONG_TEXT, LongText.CHUNKS)
        .set(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE)
        .set(TextOptions.MAX_CHARACTERS, 1000)
        .transformSchema(TestSpark.ID_AND_TEXT);
  }

  @Test
  void theColumnTellsWhatMadeIt() throws IOException {
    assertThat(EmbeddingProvenance.of(schema().apply("embedding"))).contains(expected());
  }

  @Test
  void withoutALimitOfTokensTheModelsOwnIsRecorded() {
    StructType schema = TinyBert.embedder().transformSchema(TestSpark.ID_AND_TEXT);
    assertThat(EmbeddingProvenance.of(schema.apply("embedding")))
        .hasValueSatisfying(made -> assertThat(made.maxSeqLength()).isEqualTo(128));
  }

  @Test
  void itsKeysAreItsValuesAndThoseThatAreSeldomSetAreLeftOut() throws IOException {
    JsonNode stored =
        new ObjectMapper()
            .readTree(expected().toMetadata().json())
            .get(EmbeddingProvenance.METADATA_KEY);
    Set<String> seldom = Set.of("cut_from", "output_precision", "mean");
    assertThat(stored.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EmbeddingProvenance.class.getRecordComponents())
                .map(value -> value.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .filter(key -> !seldom.contains(key))
                .toList());
  }

  @Test
  void otherColumnsTellNothing() {
    assertThat(EmbeddingProvenance.of(schema().apply("text"))).isEmpty();
    assertThat(EmbeddingProvenance.of(schema().apply("embedding_status"))).isEmpty();
  }

  @Test
  void itSurvivesParquet() throws IOException {
    String table = folder.resolve("table").toString();
    TinyBert.embedder().transform(TestSpark.texts(List.of("Hallo"), 1)).write().parquet(table);
    EmbeddingProvenance made =
        EmbeddingProvenance.of(
                TinyBert.embedder().transformSchema(TestSpark.ID_AND_TEXT).apply("embedding"))
            .orElseThrow();
    StructType readBySpark = TestSpark.session().read().parquet(table).schema();
    assertThat(EmbeddingProvenance.of(readBySpark.apply("embedding"))).contains(made);
    assertThat(EmbeddingProvenance.of(footerSchema(Path.of(table)).apply("embedding")))
        .contains(made);
  }

  /** As other tools find it: Spark's schema in the footer's key-value metadata. */
  private static StructType footerSchema(Path table) throws IOException {
    try (var files = Files.newDirectoryStream(table, "*.parquet");
        ParquetFileReader reader =
            ParquetFileReader.open(
                HadoopInputFile.fromPath(
                    new org.apache.hadoop.fs.Path(files.iterator().next().toUri()),
                    new Configuration()))) {
      String json =
          reader
              .getFooter()
              .getFileMetaData()
              .getKeyValueMetaData()
              .get("org.apache.spark.sql.parquet.row.metadata");
      return (StructType) DataType.fromJson(json);
    }
  }

  @Test
  void keysUnknownToThisVersionAreIgnored() throws IOException {
    String json =
        expected().toMetadata().json().replace("\"dimension\"", "\"new\":1,\"dimension\"");
    assertThat(EmbeddingProvenance.of(column(json))).contains(expected());
  }

  @Test
  void whatCannotBeReadIsRefusedWithTheColumnsName() {
    StructField column = column("{\"spark_gbert\": {\"dimension\": \"viele\"}}");
    assertThatThrownBy(() -> EmbeddingProvenance.of(column))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read the provenance of column vektor: ")
        .hasMessageContaining("viele");
  }

  private static StructField column(String metadata) {
    return new StructField("vektor", DataTypes.BinaryType, true, Metadata.fromJson(metadata));
  }
}
