package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.lake.EmbeddingProvenance;

class EmbedTextTest {
  private static final String MODEL = TinyBert.directory().toString();

  @TempDir static Path folder;

  private static CountEncodings count;

  private SparkSession session;

  @BeforeAll
  static void texts() {
    List<String> texts =
        new ArrayList<>(TinyBert.golden().stream().map(each -> each.text()).toList());
    texts.addAll(Arrays.asList(null, "  "));
    TestSpark.texts(texts, 2).write().parquet(folder.resolve("texts").toString());
    count = new CountEncodings(TestSpark.session());
  }

  @AfterAll
  static void stop() {
    count.close();
  }

  @BeforeEach
  void open() {
    session = TestSpark.compiling();
    session.conf().set("spark.gbert.model", MODEL);
    session.conf().set("spark.gbert.device", "cpu");
    session.read().parquet(folder.resolve("texts").toString()).createOrReplaceTempView("texts");
    count.take();
  }

  @AfterEach
  void drop() {
    TestSpark.session().sql("DROP TABLE IF EXISTS embedded");
    TestSpark.session().sql("DROP VIEW IF EXISTS embedding_view");
  }

  private static float[] vector(Row row, int column) {
    List<Float> values = row.getList(column);
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }

  private List<Row> rows(String query) {
    return session.sql(query).collectAsList();
  }

  @Test
  void vectorsAreThoseOfTheModel() {
    session.conf().set("spark.gbert.normalizeUnicode", "none");
    List<Row> rows =
        rows(
            "SELECT embed_text(text) FROM texts WHERE id < %d ORDER BY id"
                .formatted(TinyBert.golden().size()));
    for (int i = 0; i < rows.size(); i++) {
      assertThat(vector(rows.get(i), 0))
          .containsExactly(TinyBert.golden().get(i).embedding(), within(TinyBert.TOLERANCE));
    }
  }

  @Test
  void vectorsAndStatusesAreThoseOfTheJob() {
    new EmbedCorpus(
            EmbedSettings.of(
                Map.of(
                    "input",
                    folder.resolve("texts").toString(),
                    "output",
                    folder.resolve("job").toString(),
                    "model",
                    MODEL,
                    "device",
                    "cpu")))
        .run(TestSpark.session(), Progress.NONE);
    session.read().parquet(folder.resolve("job").toString()).createOrReplaceTempView("job");
    List<Row> rows =
        rows(
            "SELECT j.embedding, embed_text(t.text), j.embedding_status, embed_text_status(t.text),"
                + " embed_text_error(t.text) FROM texts t JOIN job j ON t.id = j.id ORDER BY j.id");
    assertThat(rows).hasSize(TinyBert.golden().size() + 2);
    for (Row row : rows) {
      assertThat(row.getString(3)).isEqualTo(row.getString(2));
      assertThat(row.isNullAt(4)).isTrue();
      assertThat(row.isNullAt(1)).isEqualTo(row.isNullAt(0));
      if (!row.isNullAt(0)) {
        assertThat(vector(row, 1)).containsExactly(vector(row, 0), within(1e-6f));
      }
    }
  }

  @Test
  void nullAndBlankTextsGiveNull() {
    assertThat(
            rows("SELECT embed_text(text), embed_text_status(text) FROM texts"
                    + " WHERE text IS NULL OR trim(text) = ''")
                .toString())
        .isEqualTo("[[null,empty], [null,empty]]");
    assertThat(rows("SELECT embed_text(NULL), embed_text_status(' ')").toString())
        .isEqualTo("[[null,empty]]");
  }

  @Test
  void aConstantIsPartOfThePlanAndEqualToTheVectorOfItsRow() {
    Dataset<Row> query =
        session.sql(
            "SELECT id FROM texts WHERE embed_text(text) = embed_text('"
                + TinyBert.golden().get(0).text()
                + "')");
    assertThat(query.queryExecution().optimizedPlan().toString().split("embed_text", -1))
        .as("%s", query.queryExecution().optimizedPlan())
        .hasSize(1);
    Row both =
        rows("SELECT embed_text(text), embed_text('%s') FROM texts WHERE id = 0"
                .formatted(TinyBert.golden().get(0).text()))
            .get(0);
    assertThat(vector(both, 0)).containsExactly(vector(both, 1), within(1e-6f));
  }

  @Test
  void columnsAreNamedAfterTheirCalls() {
    assertThat(session.sql("SELECT embed_text(text), EMBED_TEXT_STATUS(text) FROM texts").columns())
        .containsExactly("embed_text(text)", "embed_text_status(text)");
  }

  @Test
  void theModelIsAnArgumentOrASettingOfTheSession() {
    SparkSession other = TestSpark.session().newSession();
    other.sql("SET spark.gbert.device=cpu");
    assertThat(other.sql("SELECT size(embed_text('Hallo', '" + MODEL + "'))").head().getInt(0))
        .isEqualTo(TinyBert.DIMENSION);
    assertThat(rows("SELECT size(embed_text('Hallo'))").get(0).getInt(0))
        .isEqualTo(TinyBert.DIMENSION);
    assertThatThrownBy(() -> session.sql("SELECT embed_text('Hallo', 'no/such/model')"))
        .hasMessageContaining("Cannot open bundle no/such/model");
  }

  @Test
  void settingsOfTheSessionDecide() {
    session.sql("SET spark.gbert.maxSeqLength=4");
    assertThat(rows("SELECT embed_text_status('Ein Haus am See und ein Boot')").get(0).getString(0))
        .isEqualTo("truncated");
    session.sql("SET spark.gbert.maxSeqLength=64");
    assertThat(rows("SELECT embed_text_status('Ein Haus am See und ein Boot')").get(0).getString(0))
        .isEqualTo("ok");
  }

  @Test
  void settingsOfTheFormDecideOverVectors() {
    session.sql("SET spark.gbert.normalize=true");
    session.sql("SET spark.gbert.dimensions=8");
    Dataset<Row> cut = session.sql("SELECT embed_text(text) AS v FROM texts");
    assertThat(EmbeddingProvenance.of(cut.schema().apply("v")))
        .hasValueSatisfying(
            made -> {
              assertThat(made.dimension()).isEqualTo(8);
              assertThat(made.cutFrom()).isEqualTo(TinyBert.DIMENSION);
              assertThat(made.normalize()).isTrue();
            });
    assertThat(rows("SELECT DISTINCT size(embed_text(text)) FROM texts WHERE trim(text) <> ''"))
        .containsExactly(RowFactory.create(8));
    assertThat(
            rows("SELECT vector_l2_norm_squared FROM (SELECT aggregate(embed_text('Hallo'), 0D,"
                    + " (s, x) -> s + x * x) AS vector_l2_norm_squared)")
                .get(0)
                .getDouble(0))
        .isCloseTo(1, within(1e-6));
    session.sql("SET spark.gbert.dimensions=33");
    assertThatThrownBy(() -> session.sql("SELECT embed_text(text) FROM texts"))
        .hasMessageContaining("dimensions must be at most 32, those of tiny-bert, found 33");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxSeqLenght | 64 | Cannot use spark.gbert.maxSeqLenght: there is no such setting, did you mean spark.gbert.maxSeqLength?",
        "max-seq-length | 64 | Cannot use spark.gbert.max-seq-length: there is no such setting",
        "textColumn | text | Cannot use spark.gbert.textColumn: there is no such setting",
        "maxSeqLength | much | Cannot use spark.gbert.maxSeqLength: it must be",
        "device | tpu | Cannot use spark.gbert.device: it must be",
        "gpuMemoryLimit | 8g | --gpu-memory-limit does not apply with --device cpu",
      })
  void wrongSettingsAreRefusedByName(String setting, String value, String message) {
    session.conf().set("spark.gbert." + setting, value);
    assertThatThrownBy(() -> session.sql("SELECT embed_text(text) FROM texts"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void argumentsAreChecked() {
    assertThatThrownBy(() -> session.sql("SELECT embed_text()"))
        .hasMessage(
            "Cannot call embed_text: it takes a text and perhaps a model, found 0 arguments");
    assertThatThrownBy(() -> session.sql("SELECT embed_text(text, text) FROM texts"))
        .hasMessageContaining("the model must be a constant string, found")
        .hasMessageContaining("text");
    assertThatThrownBy(() -> session.sql("SELECT embed_text(id) FROM texts"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  }

  @Test
  void aConditionOfAnOuterJoinMustNotReadBothSides() {
    assertThatThrownBy(
            () ->
                rows(
                    "SELECT a.id FROM texts a LEFT JOIN texts b"
                        + " ON a.id = b.id AND size(embed_text(concat(a.text, b.text))) > 0"))
        .hasMessageContaining("Cannot plan")
        .hasMessageContaining("embed_text(concat(")
        .hasMessageContaining("compute it as a column of a subquery first");
  }

  private static EmbeddingProvenance provenance(StructField column) {
    return EmbeddingProvenance.of(column).orElseThrow();
  }

  @Test
  void aTableKnowsWhatMadeItsVectors() {
    session.sql(
        "CREATE TABLE embedded USING parquet AS SELECT id, embed_text(text) AS v FROM texts");
    assertThat(count.take()).isEqualTo(TinyBert.golden().size());
    StructField written = session.table("embedded").schema().apply("v");
    StructField expected =
        TinyBert.embedder().transform(session.table("texts")).schema().apply("embedding");
    assertThat(provenance(written)).isEqualTo(provenance(expected));
    assertThat(
            provenance(
                session
                    .sql(
                        "SELECT w AS x FROM (SELECT embed_text(text) AS w FROM texts) WHERE w IS NOT NULL")
                    .schema()
                    .apply("x")))
        .isEqualTo(provenance(expected));
    assertThat(
            provenance(
                    session
                        .sql("SELECT embed_text(upper(text)) AS u FROM texts")
                        .schema()
                        .apply("u"))
                .textColumn())
        .isEmpty();
    session.sql("INSERT INTO embedded SELECT id + 1000, embed_text(text) FROM texts WHERE id < 3");
    assertThat(count.take()).isEqualTo(3);
    assertThat(session.sql("SELECT count(v) FROM embedded").head().getLong(0))
        .isEqualTo(TinyBert.golden().size() + 3);
  }

  @Test
  void aViewTakesTheModelOfTheSessionThatUsesIt() {
    session.table("texts").write().saveAsTable("embedded");
    session.sql("CREATE VIEW embedding_view AS SELECT id, embed_text(text) AS v FROM embedded");
    assertThat(rows("SELECT size(v) FROM embedding_view WHERE id = 1").get(0).getInt(0))
        .isEqualTo(TinyBert.DIMENSION);
    SparkSession other = TestSpark.session().newSession();
    other.conf().set("spark.gbert.model", "no/such/model");
    assertThatThrownBy(() -> other.table("embedding_view").count())
        .hasMessageContaining("Cannot open bundle no/such/model");
  }

  @Test
  void anotherSessionReadsAGlobalView() {
    session
        .sql("SELECT embed_text(text) AS v FROM texts")
        .createOrReplaceGlobalTempView("global_v");
    try {
      assertThat(
              TestSpark.session()
                  .newSession()
                  .sql("SELECT count(v) FROM global_temp.global_v")
                  .head()
                  .getLong(0))
          .isEqualTo(TinyBert.golden().size());
    } finally {
      session.catalog().dropGlobalTempView("global_v");
    }
  }

  @Test
  void aCachedTableIsNotThatOfAnotherModel() {
    session.sql("CACHE TABLE cached AS SELECT id, embed_text(text) AS v FROM texts");
    long once = count.take();
    rows("SELECT id, embed_text(text) AS v FROM texts");
    assertThat(count.take()).as("read from the cache").isZero();
    session.sql("SET spark.gbert.maxSeqLength=5");
    rows("SELECT id, embed_text(text) AS v FROM texts");
    assertThat(count.take()).isEqualTo(once);
    session.sql("RESET spark.gbert.maxSeqLength");
    session.sql("UNCACHE TABLE cached");
  }

  @Test
  void aStreamIsEmbedded() throws Exception {
    Dataset<Row> stream =
        session
            .readStream()
            .schema(TestSpark.ID_AND_TEXT)
            .parquet(folder.resolve("texts").toString());
    stream.createOrReplaceTempView("stream");
    session
        .sql("SELECT id, embed_text(text) AS v, embed_text_status(text) AS s FROM stream")
        .writeStream()
        .format("memory")
        .queryName("streamed")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    assertThat(session.sql("SELECT count(v), count(s) FROM streamed").head().toString())
        .isEqualTo("[%d,%d]".formatted(TinyBert.golden().size(), TinyBert.golden().size() + 2));
  }

  @Test
  void ordersAndLimitsKeepTheirRows() {
    assertThat(
            rows("SELECT id, embed_text(text) FROM texts ORDER BY id DESC LIMIT 3").stream()
                .map(row -> row.getInt(0))
                .toList())
        .hasSize(3)
        .isSortedAccordingTo((a, b) -> b - a);
    assertThat(
            rows("SELECT id, embed_text(text) AS v FROM texts ORDER BY id").stream()
                .map(row -> row.getInt(0))
                .toList())
        .isSorted()
        .hasSize(TinyBert.golden().size() + 2);
    assertThat(
            rows("SELECT -id AS n, embed_text(text) FROM texts ORDER BY n LIMIT 2").stream()
                .map(row -> row.getInt(0))
                .toList())
        .containsExactly(-TinyBert.golden().size() - 1, -TinyBert.golden().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT id, %s, embed_text(text) AS v FROM %s",
        "SELECT id, %s FROM %s WHERE size(embed_text(text)) = 32",
        "SELECT id, %s FROM (SELECT id, embed_text(text) AS v FROM %s) WHERE size(v) = 32",
        "SELECT id, %s FROM %s WHERE size(embed_text(text)) = 32 AND input_file_name() <> ''"
      })
  void eachRowKnowsItsFile(String query) {
    String files = "parquet.`%s`".formatted(folder.resolve("texts"));
    String asked =
        "input_file_name() AS n, input_file_block_start() AS s, input_file_block_length() AS l";
    List<Row> expected =
        rows("SELECT id, %s FROM %s WHERE trim(text) <> '' ORDER BY id".formatted(asked, files));
    assertThat(expected.stream().map(row -> row.getString(1)).distinct()).hasSize(2);
    assertThat(
            rows(
                "SELECT id, n, s, l FROM (%s) WHERE id < %d ORDER BY id"
                    .formatted(query.formatted(asked, files), TinyBert.golden().size())))
        .isEqualTo(expected);
  }

  @Test
  void theNearestTextIsFound() {
    String text = TinyBert.golden().get(3).text().replace("'", "\\'");
    assertThat(
            rows("SELECT id FROM texts ORDER BY vector_cosine_similarity(embed_text(text),"
                    + " embed_text('"
                    + text
                    + "')) DESC LIMIT 1")
                .get(0)
                .getInt(0))
        .isEqualTo(3);
  }

  @Test
  void theHelpSaysWhatItTakes() {
    String help =
        String.join(
            "\n",
            rows("DESCRIBE FUNCTION EXTENDED embed_text").stream()
                .map(row -> row.getString(0))
                .toList());
    assertThat(help).contains("embed_text(text[, model]) - ", "spark.gbert.model", "Since: 0.1.0");
  }
}
