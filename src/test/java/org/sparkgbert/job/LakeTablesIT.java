package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.check.Findings;
import org.sparkgbert.cluster.ClusterFindings;
import org.sparkgbert.cluster.ClusterSettings;
import org.sparkgbert.cluster.FindClusters;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.search.BuildIndex;
import org.sparkgbert.search.FindNeighbours;
import org.sparkgbert.search.FindNeighboursSettings;
import org.sparkgbert.search.FoundAnswers;
import org.sparkgbert.search.IndexInfo;
import org.sparkgbert.search.IndexSettings;
import org.sparkgbert.search.SearchCorpus;
import org.sparkgbert.search.SearchSettings;
import org.sparkgbert.sts.ScorePairs;
import org.sparkgbert.sts.ScoreSettings;

/** Tables of Iceberg and Delta, with the real libraries. */
@Tag("long")
class LakeTablesIT {
  private static final String ICEBERG = "lake.db.texts";
  private static final Progress QUIET = Progress.NONE;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static SparkSession spark;
  private static Path other;

  @BeforeAll
  static void openSession() throws IOException {
    spark = LakeSession.open(shared.resolve("warehouse"));
    other = TinyModels.named(shared.resolve("model"), "tiny-other");
  }

  @AfterAll
  static void restoreSession() {
    LakeSession.close();
  }

  @BeforeEach
  void writeCorpus() {
    spark.sql("DROP TABLE IF EXISTS " + ICEBERG + " PURGE");
    write("corpus", 8);
  }

  private void write(String name, int rows) {
    spark
        .range(rows)
        .selectExpr("id", "'Der Text Nummer ' || id || ' ist da.' AS text", "id % 2 AS half")
        .write()
        .mode("overwrite")
        .parquet(path(name));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** The name of the table to write. */
  private String table(String format) {
    return format.equals("iceberg") ? ICEBERG : path("delta table");
  }

  private String sql(String format) {
    return format.equals("iceberg") ? ICEBERG : "delta.`%s`".formatted(path("delta table"));
  }

  private void embed(String format, String... more) {
    Map<String, String> settings =
        options(
            more,
            Map.of(
                "input", path("corpus"),
                "output", table(format),
                "output-format", format,
                "model", TinyModels.tiny().toString(),
                "device", "cpu"));
    new EmbedCorpus(EmbedSettings.of(settings)).run(spark, QUIET);
  }

  private static Map<String, String> options(String[] more, Map<String, String> usual) {
    Map<String, String> settings = new HashMap<>(usual);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private Findings check(String format) {
    return new CheckTable(new CheckSettings(table(format), "", 4)).run(spark, QUIET);
  }

  private ClusterFindings cluster(String format, String... more) {
    Map<String, String> settings =
        options(
            more,
            Map.of(
                "input",
                table(format),
                "format",
                format,
                "output",
                path("clusters"),
                "mode",
                "overwrite",
                "k",
                "2",
                "restarts",
                "1"));
    if (settings.containsKey("assign")) {
      settings.keySet().removeAll(List.of("k", "restarts"));
    }
    return new FindClusters(ClusterSettings.of(settings)).run(spark, QUIET).findings();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void everyJobKnowsWhatMadeATable(String format) {
    embed(format);
    Findings findings = check(format);
    assertThat(findings.lines()).isEmpty();
    assertThat(findings.rows()).isEqualTo(8);
    assertThat(findings.sampled()).isEqualTo(4);
    assertThat(cluster(format).embeddings().model()).isEqualTo("tiny-bert");
    Map<String, String> pairs =
        Map.of("input", table(format), "format", format, "output", path("pairs"), "top-k", "1");
    new FindNeighbours(FindNeighboursSettings.of(pairs)).run(spark, QUIET);
    Dataset<Row> scored = spark.read().parquet(path("pairs"));
    assertThat(DerivedProvenance.of(scored.schema().apply("cosine_similarity")))
        .hasValueSatisfying(
            made -> assertThat(made.embeddings().get(0).model()).isEqualTo("tiny-bert"));
    Map<String, String> search =
        Map.of(
            "input",
            table(format),
            "format",
            format,
            "queries",
            table(format),
            "queries-format",
            format,
            "where",
            "half = 1",
            "output",
            path("answers"),
            "top-k",
            "1");
    new SearchCorpus(SearchSettings.of(search)).run(spark, QUIET);
    Dataset<Row> answers = spark.read().parquet(path("answers"));
    assertThat(answers.count()).isEqualTo(8);
    assertThat(answers.where("query_id % 2 = 1 AND (query_id <> id OR score < 0.999999)").count())
        .isZero();
    assertThat(answers.where("id % 2 = 0").count()).isZero();
    assertThat(DerivedProvenance.of(answers.schema().apply("score")).orElseThrow().measure())
        .isEqualTo("cosine_similarity");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void anIndexIsATableOfTheFormat(String format) {
    embed(format);
    String index = table(format) + "_index";
    Map<String, String> settings =
        Map.of(
            "input",
            table(format),
            "format",
            format,
            "output",
            index,
            "output-format",
            format,
            "cells",
            "3",
            "held-out",
            "2");
    IndexInfo info = new BuildIndex(IndexSettings.of(settings)).run(spark, QUIET).info();
    assertThat(info.rows()).isEqualTo(8);
    assertThat(new CheckTable(new CheckSettings(index, "", 0)).run(spark, QUIET).lines()).isEmpty();
    Map<String, String> search =
        Map.of(
            "index",
            index,
            "probe",
            Integer.toString(info.cells()),
            "queries",
            table(format),
            "queries-format",
            format,
            "output",
            path("answers"),
            "top-k",
            "1");
    FoundAnswers found = new SearchCorpus(SearchSettings.of(search)).run(spark, QUIET);
    assertThat(found.run().input().format()).isEqualTo(format);
    Dataset<Row> answers = spark.read().parquet(path("answers"));
    assertThat(answers.count()).isEqualTo(8);
    assertThat(answers.where("score < 0.999999").count()).isZero();
    Map<String, String> other = new HashMap<>(search);
    other.putAll(Map.of("format", "orc", "output", path("more")));
    assertThatThrownBy(() -> new SearchCorpus(SearchSettings.of(other)).run(spark, QUIET))
        .hasMessage(
            "Cannot search: the index %s is read by its own format, which is %s, found --format orc; leave that out"
                .formatted(index, format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void anOverwriteReplacesRowsAndNotTheDefinition(String format) {
    embed(format, "partition-by", "half");
    String table = sql(format);
    spark.sql("ALTER TABLE %s ALTER COLUMN text COMMENT 'der Text'".formatted(table));
    spark.sql("ALTER TABLE %s SET TBLPROPERTIES ('owner-team' = 'suche')".formatted(table));
    write("corpus", 5);
    embed(format, "mode", "overwrite");
    assertThat(spark.table(table).count()).isEqualTo(5);
    assertThat(spark.table(table).schema().apply("text").getComment().get()).isEqualTo("der Text");
    assertThat(spark.sql("SHOW TBLPROPERTIES " + table).where("key = 'owner-team'").count())
        .isEqualTo(1);
    assertThat(
            spark
                .sql("DESCRIBE TABLE " + table)
                .where(
                    "col_name LIKE 'Part 0' OR col_name = '# Partitioning' OR col_name = '# Partition Information'")
                .count())
        .isPositive();
    assertThat(check(format).lines()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void anOverwriteByAnotherModelIsKnownAsSuch(String format) {
    embed(format);
    cluster(format);
    embed(format, "mode", "overwrite", "model", other.toString());
    assertThatThrownBy(() -> cluster(format, "assign", path("clusters"), "output", path("again")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot assign clusters: what they were found on was made by tiny-bert \\(identity"
                + " .{12}\\), found tiny-other \\(identity .{12}\\) in the input");
    assertThat(cluster(format).embeddings().model()).isEqualTo("tiny-other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void anOverwriteWithOtherColumnsOrPartitionsIsRefused(String format) {
    embed(format, "partition-by", "half");
    String table = sql(format);
    assertThatThrownBy(() -> embed(format, "mode", "overwrite", "partition-by", "id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot overwrite table %s: it is partitioned by [half], found [id]; leave out --partition-by, or choose another output",
            table(format));
    assertThatThrownBy(() -> embed(format, "mode", "overwrite", "keep-columns", "id,text"))
        .hasMessage(
            "Cannot overwrite table %s: its column 'half' is not among the new ones; drop it by ALTER TABLE, or choose another output",
            table(format));
    assertThatThrownBy(() -> embed(format, "mode", "overwrite", "embedding-column", "vektor"))
        .hasMessageContaining("it has no column 'vektor'; add it by ALTER TABLE");
    assertThat(spark.table(table).count()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void rowsOfOthersAreFound(String format) {
    embed(format);
    spark.sql("DELETE FROM %s WHERE id = 3".formatted(sql(format)));
    assertThat(check(format).lines())
        .containsExactly("manifest: rows differ, expected 8, found 7 in the table");
    spark.sql("ALTER TABLE %s UNSET TBLPROPERTIES ('spark-gbert.run')".formatted(sql(format)));
    assertThatThrownBy(() -> check(format))
        .hasMessageStartingWith(
            "Cannot read table %s: it has no property spark-gbert.run", table(format));
    assertThat(cluster(format).embeddings()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"iceberg", "delta"})
  void idsAreLookedUpInATable(String format) {
    embed(format);
    embed("parquet", "output", path("plain"), "model", other.toString());
    spark.sql("SELECT 1L AS id1, 2L AS id2").write().parquet(path("links"));
    Map<String, String> settings =
        Map.of("input", path("links"), "output", path("scored"), "embeddings", table(format));
    new ScorePairs(ScoreSettings.of(settings)).run(spark, QUIET);
    Dataset<Row> scored = spark.read().parquet(path("scored"));
    assertThat(scored.where("similarity_status = 'ok'").count()).isEqualTo(1);
    Map<String, String> mixed = new HashMap<>(settings);
    mixed.put("embeddings2", path("plain"));
    mixed.put("output", path("mixed"));
    assertThatThrownBy(() -> new ScorePairs(ScoreSettings.of(mixed)).run(spark, QUIET))
        .hasMessageContaining("was made by tiny-bert")
        .hasMessageContaining("found tiny-other");
  }

  @Test
  void ofAnOlderVersionOfATableItIsNotKnownWhatMadeIt() {
    embed("iceberg");
    String first =
        spark.sql("SELECT snapshot_id FROM " + ICEBERG + ".snapshots").first().get(0).toString();
    embed("iceberg", "mode", "overwrite", "model", other.toString());
    assertThat(cluster("iceberg", "read-option", "versionAsOf=" + first).embeddings()).isNull();
  }

  @Test
  void aNameThatIsNoTableIsSaid() {
    for (String name : List.of("lake.db.nothing", path("nothing"))) {
      assertThatThrownBy(() -> new CheckTable(new CheckSettings(name, "", 0)).run(spark, QUIET))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read table %s: there is no such directory, and no table of that name", name);
    }
  }
}
