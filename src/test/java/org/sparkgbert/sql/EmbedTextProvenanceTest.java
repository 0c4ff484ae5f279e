package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.lake.EmbeddingProvenance;

/** What columns say about what made them, where several settings or tables meet. */
class EmbedTextProvenanceTest {
  @TempDir Path folder;

  private SparkSession session;

  @BeforeEach
  void open() {
    session = TestSpark.compiling();
    session.conf().set("spark.gbert.model", TinyBert.directory().toString());
    session.conf().set("spark.gbert.device", "cpu");
    session.sql(
        "CREATE TABLE prov_texts USING parquet AS SELECT id, 'Ein Haus am See' AS text FROM range(3)");
  }

  @AfterEach
  void drop() {
    session.sql("DROP VIEW IF EXISTS prov_view");
    session.sql("DROP TABLE IF EXISTS prov_made");
    session.sql("DROP TABLE IF EXISTS prov_texts");
  }

  private void length(int tokens) {
    session.sql("SET spark.gbert.maxSeqLength=" + tokens);
  }

  private static Optional<EmbeddingProvenance> made(StructField column) {
    return EmbeddingProvenance.of(column);
  }

  private EmbeddingProvenance now() {
    return made(session.sql("SELECT embed_text(text) AS v FROM prov_texts").schema().apply("v"))
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TEMPORARY VIEW prov_view AS",
        "CREATE VIEW prov_view AS",
        "CREATE VIEW prov_view WITH SCHEMA TYPE EVOLUTION AS",
        "CREATE VIEW prov_view WITH SCHEMA EVOLUTION AS"
      })
  void aViewSaysWhatMakesItsVectorsNow(String create) {
    length(32);
    session.sql(create + " SELECT id, text, embed_text(text) AS v FROM prov_texts");
    EmbeddingProvenance atFirst = now();
    assertThat(made(session.table("prov_view").schema().apply("v"))).contains(atFirst);
    length(8);
    session.sql("SET spark.gbert.dimensions=16");
    String path = folder.resolve("made").toString();
    session.sql(
        "CREATE TABLE prov_made USING parquet LOCATION '%s' AS SELECT * FROM prov_view"
            .formatted(path));
    assertThat(made(session.table("prov_made").schema().apply("v")))
        .contains(now())
        .isNotEqualTo(Optional.of(atFirst));
    assertThat(made(session.read().parquet(path).schema().apply("v"))).contains(now());
    assertThat(session.sql("SELECT size(v) FROM prov_made LIMIT 1").head().getInt(0))
        .isEqualTo(now().dimension());
  }

  @Test
  void aViewOfAViewSaysWhatMakesItsVectorsNow() {
    length(32);
    session.sql(
        "CREATE TEMPORARY VIEW prov_inner AS SELECT id, embed_text(text) AS v FROM prov_texts");
    session.sql("CREATE TEMPORARY VIEW prov_outer AS SELECT v AS w FROM prov_inner WHERE id > 0");
    length(8);
    assertThat(made(session.sql("SELECT w AS x FROM prov_outer").schema().apply("x")))
        .contains(now());
  }

  @Test
  void aViewOfATableThatWasMadeAnewSaysWhatMadeTheTable() {
    length(32);
    session.sql(
        "CREATE TABLE prov_made USING parquet AS SELECT embed_text(text) AS v FROM prov_texts");
    session.sql("CREATE VIEW prov_view AS SELECT v FROM prov_made");
    session.sql("DROP TABLE prov_made");
    session.sql("CREATE TABLE prov_made USING parquet AS SELECT array(1f) AS v");
    assertThat(made(session.table("prov_view").schema().apply("v"))).isEmpty();
  }

  private String cut(String name) {
    length(8);
    session.sql("SELECT id, embed_text(text) AS v FROM prov_texts").createOrReplaceTempView(name);
    length(32);
    return name;
  }

  @ParameterizedTest
  @ValueSource(strings = {"UNION", "UNION ALL", "INTERSECT", "EXCEPT"})
  void vectorsOfTwoSettingsAreNotOneColumn(String operator) {
    cut("prov_cut");
    assertThatThrownBy(
            () ->
                session.sql(
                    "SELECT id, embed_text(text) AS v FROM prov_texts %s SELECT id, v FROM prov_cut"
                        .formatted(operator)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of embeddings: v of query 1 and v of query 2 are of the same model")
        .hasMessageContaining("different settings: max_seq_length (32 and 8)");
  }

  @Test
  void tablesOfTwoSettingsAreNotOneColumn() {
    cut("prov_cut");
    session.sql("CREATE TABLE prov_made USING parquet AS SELECT * FROM prov_cut");
    assertThatThrownBy(
            () ->
                session
                    .table("prov_made")
                    .unionByName(session.sql("SELECT embed_text(text) AS v, id FROM prov_texts")))
        .hasMessageContaining("different settings: max_seq_length (8 and 32)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT embed_text(text) AS v FROM prov_texts UNION ALL SELECT array(1f)",
        "SELECT v AS v FROM (SELECT embed_text(text) AS w FROM prov_texts UNION ALL SELECT array(1f)) AS t(v)",
        "SELECT v FROM (SELECT id, embed_text(text) AS v FROM prov_texts UNION SELECT 7, array(1f)) WHERE id >= 0 ORDER BY id",
        "SELECT array(1f) AS v UNION ALL SELECT embed_text(text) FROM prov_texts"
      })
  void aUnionWithVectorsOfNobodySaysNothing(String query) {
    assertThat(made(session.sql(query).schema().apply("v"))).isEmpty();
    String path = folder.resolve("union").toString();
    session.sql(query).write().parquet(path);
    assertThat(made(session.read().parquet(path).schema().apply("v"))).isEmpty();
    assertThat(session.read().parquet(path).count()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT embed_text(text) AS v FROM prov_texts UNION ALL SELECT NULL",
        "SELECT embed_text(text) AS v FROM prov_texts UNION ALL SELECT embed_text(upper(text)) FROM prov_texts",
        "SELECT embed_text(text) AS v FROM prov_texts EXCEPT SELECT array(1f)"
      })
  void whatOneModelMadeSaysSo(String query) {
    assertThat(made(session.sql(query).schema().apply("v"))).contains(now());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO prov_made SELECT id, embed_text(text) FROM prov_texts",
        "INSERT OVERWRITE prov_made SELECT id, embed_text(text) FROM prov_texts",
        "INSERT INTO prov_made (v, id) SELECT embed_text(text), id FROM prov_texts",
        "INSERT INTO prov_made BY NAME SELECT embed_text(text) AS v, id FROM prov_texts",
        "INSERT INTO prov_made SELECT id, w FROM (SELECT id, embed_text(text) AS w FROM prov_texts)"
      })
  void aTableTakesNoVectorsOfOtherSettings(String insert) {
    cut("prov_cut");
    session.sql("CREATE TABLE prov_made USING parquet AS SELECT * FROM prov_cut");
    assertThatThrownBy(() -> session.sql(insert))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot write embeddings to column v of ")
        .hasMessageContaining("prov_made")
        .hasMessageContaining("max_seq_length (8 and 32)");
    length(8);
    session.sql(insert);
    assertThat(session.table("prov_made").count()).isGreaterThanOrEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAppendedTableIsOfTheSameSettings(boolean byName) {
    session.sql("CREATE TABLE prov_made USING parquet AS SELECT * FROM " + cut("prov_cut"));
    var writer =
        session.sql("SELECT id, embed_text(text) AS v FROM prov_texts").write().mode("append");
    assertThatThrownBy(
            () -> {
              if (byName) {
                writer.saveAsTable("prov_made");
              } else {
                writer.insertInto("prov_made");
              }
            })
        .hasMessageContaining("max_seq_length (8 and 32)");
    assertThat(session.table("prov_made").count()).isEqualTo(3);
  }
}
