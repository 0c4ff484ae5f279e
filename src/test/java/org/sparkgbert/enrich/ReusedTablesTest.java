package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.KeepOld;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WriteMode;

/** Vectors of other tables. */
class ReusedTablesTest {
  private static final List<String> TEXTS = TinyVectors.texts(0, 20);

  @TempDir Path folder;
  private final List<String> notes = new ArrayList<>();
  private SparkSession spark;
  private RunModel model;

  @BeforeEach
  void open() {
    spark = TestSpark.session();
    model = TinyVectors.model(spark);
  }

  private String embedded(String name, List<String> texts, String... more) {
    String table = folder.resolve(name).toString();
    TinyVectors.embed(spark, folder, table, texts, more);
    return table;
  }

  private List<KnownVectors> known(String... tables) {
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    return new ReusedTables(List.of(tables), "embedding")
        .known(spark, model.provenance(), model.keys(), progress);
  }

  private Map<String, List<Float>> once(List<KnownVectors> known) {
    assertThat(known).hasSize(1);
    return TinyVectors.once(spark, model, TEXTS, known.get(0).rows());
  }

  @Test
  void theVectorsOfATableAreThoseOfItsTexts() {
    List<String> texts = new ArrayList<>(TEXTS);
    texts.addAll(Arrays.asList(null, " "));
    String table = embedded("table", texts, "embedding-column", "vektor");
    List<KnownVectors> known = known(table);
    assertThat(known.get(0).name()).isEqualTo("table " + table);
    assertThat(known.get(0).rows().columns()).isEqualTo(VectorRows.SCHEMA.fieldNames());
    assertThat(known.get(0).rows().count()).isEqualTo(TEXTS.size());
    assertThat(once(known))
        .isEqualTo(
            TinyVectors.once(
                spark,
                model,
                TEXTS,
                spark
                    .read()
                    .parquet(table)
                    .where("vektor IS NOT NULL")
                    .select(
                        model.keys().of(col("text")).as("key"), col("vektor").as("embedding"))));
    assertThat(notes).isEmpty();
  }

  @Test
  void aTableOfOtherVectorsOffersNothing() {
    String table = embedded("short", TEXTS, "max-seq-length", "16");
    assertThat(known(table)).isEmpty();
    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("Table " + table + " offers no vectors: what this run makes and it are of")
        .contains("tiny-bert")
        .contains("max_seq_length (128 and 16)");
  }

  @Test
  void aTableThatDoesNotTellItsTextsIsRefused() {
    String table = embedded("blind", TEXTS, "keep-columns", "id");
    assertThatThrownBy(() -> known(table))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot reuse vectors of %s: it has neither its text column 'text' nor a column 'embedding_key', so it does not tell which texts they are of; write it again with its text column",
            table);
  }

  @Test
  void whatIsNoTableOfOursOrIsDamagedIsRefused() throws IOException {
    String plain = folder.resolve("plain").toString();
    TinyVectors.rows(spark, TEXTS).write().parquet(plain);
    assertThatThrownBy(() -> known(plain)).hasMessageContaining("it has no _embedding_run.json");
    assertThatThrownBy(() -> known(folder.resolve("none").toString()))
        .hasMessageContaining("there is no such directory, and no table of that name");
    String table = embedded("table", TEXTS);
    try (Stream<Path> files = Files.list(Path.of(table))) {
      Path file =
          files
              .filter(each -> each.getFileName().toString().endsWith(".parquet"))
              .findFirst()
              .orElseThrow();
      Files.delete(file);
    }
    assertThatThrownBy(() -> known(table)).isInstanceOf(IllegalArgumentException.class);
  }

  /** As enrichment leaves a table: some rows are of this model, some of another, one failed. */
  private String enriched(String... dropped) {
    Dataset<Row> rows =
        spark
            .read()
            .parquet(embedded("plain", TEXTS))
            .withColumn("embedding_key", model.keys().of(col("text")))
            .withColumn(
                "embedding_fingerprint",
                when(col("id").lt(5), lit("another")).otherwise(lit(model.fingerprint())))
            .withColumn(
                "embedding_status",
                when(col("text").equalTo(TEXTS.get(19)), lit("failed"))
                    .otherwise(col("embedding_status")))
            .withColumn("text", lit("changed"))
            .withMetadata("embedding", model.provenance().toMetadata());
    String table = folder.resolve("enriched").toString();
    TableWriter.write(
        rows.drop(dropped),
        List.of(StatusColumn.of(new EmbeddingColumns("embedding"))),
        new TableTarget(table, "parquet", WriteMode.ERROR, KeepOld.NONE, List.of(), 1),
        RunInfo.begin(
            new RunManifest.Input(List.of("a test"), "parquet", ""),
            TinyBert.directory().toString()));
    return table;
  }

  @Test
  void anEnrichedTableTellsByRow() {
    int first = (int) spark.read().parquet(embedded("count", TEXTS)).where("id < 5").count();
    Map<String, List<Float>> found = once(known(enriched("none")));
    assertThat(found).hasSize(TEXTS.size() - first - 1).doesNotContainKey(TEXTS.get(19));
  }

  @Test
  void severalColumnsAreToldApartByTheirNames() {
    Dataset<Row> rows = spark.read().parquet(embedded("plain", TEXTS));
    Dataset<Row> two =
        rows.withColumn("embedding2", col("embedding"))
            .withMetadata("embedding2", rows.schema().apply("embedding").metadata());
    String table = folder.resolve("two").toString();
    TableWriter.write(
        two,
        List.of(StatusColumn.of(new EmbeddingColumns("embedding"))),
        new TableTarget(table, "parquet", WriteMode.ERROR, KeepOld.NONE, List.of(), 1),
        RunInfo.begin(
            new RunManifest.Input(List.of("a test"), "parquet", ""),
            TinyBert.directory().toString()));
    assertThat(once(known(table))).hasSize(TEXTS.size());
    assertThatThrownBy(
            () ->
                new ReusedTables(List.of(table), "vektor")
                    .known(spark, model.provenance(), model.keys(), Progress.NONE))
        .hasMessageContaining(
            "it has several columns with embeddings, embedding, embedding2, and none of the name 'vektor'");
  }
}
