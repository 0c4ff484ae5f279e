package org.sparkgbert.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import scala.jdk.javaapi.CollectionConverters;

class WithColumnsTest {
  private static final String ADAPTIVE = "spark.sql.adaptive.enabled";

  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;

  @BeforeEach
  void countFromZero() {
    TextLengths.ROWS.set(0);
    TextLengths.LARGEST_WINDOW.set(0);
  }

  @AfterEach
  void everyPartitionIsClosed() {
    spark.conf().unset(ADAPTIVE);
    assertThat(TextLengths.OPEN_PARTITIONS).hasValue(0);
  }

  /** Ten rows: id, text (null for 4), other; in one file. */
  private Dataset<Row> table() {
    String path = folder.resolve("table").toString();
    if (!folder.resolve("table").toFile().exists()) {
      spark
          .range(0, 10, 1, 1)
          .selectExpr(
              "id",
              "IF(id = 4, NULL, repeat('ä', CAST(id AS INT))) AS text",
              "concat('other', id) AS other")
          .write()
          .parquet(path);
    }
    return spark.read().parquet(path);
  }

  private static List<String> strings(Dataset<Row> rows) {
    return rows.as(Encoders.STRING()).collectAsList();
  }

  private static String plan(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows)
        .queryExecution()
        .executedPlan()
        .toString();
  }

  private static LogicalPlan analyzed(Dataset<Row> rows) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
  }

  @Test
  void newColumnsStandAtTheEnd() {
    Dataset<Row> lengths = TextLengths.of(table(), "text");
    assertThat(lengths.schema().fieldNames())
        .containsExactly("id", "text", "other", "length", "same", "vector");
    assertThat(strings(lengths.selectExpr("to_json(struct(*))")).get(3))
        .isEqualTo(
            "{\"id\":3,\"text\":\"äää\",\"other\":\"other3\",\"length\":3,\"same\":\"äää\",\"vector\":[3.0,0.5]}");
    assertThat(lengths.where("NOT same <=> text").count()).isZero();
    assertThat(lengths.where("length = -1 AND same IS NULL AND vector IS NULL").count()).isOne();
  }

  @Test
  void rowsStayInOrderInWindows() {
    Dataset<Row> lengths = TextLengths.of(table(), "text").selectExpr("concat(id, ':', length)");
    assertThat(strings(lengths)).startsWith("0:0", "1:1", "2:2", "3:3", "4:-1").hasSize(10);
    assertThat(TextLengths.ROWS).hasValue(10);
    assertThat(TextLengths.LARGEST_WINDOW).hasValue(3);
    assertThat(strings(lengths))
        .isEqualTo(strings(table().selectExpr("concat(id, ':', IFNULL(char_length(text), -1))")));
  }

  @Test
  void aWindowIsBoundedByItsBytes() {
    Dataset<Row> wide = spark.range(0, 4, 1, 1).selectExpr("repeat('x', 40000000) AS text");
    assertThat(TextLengths.of(wide, "text").where("length = 40000000").count()).isEqualTo(4);
    assertThat(TextLengths.LARGEST_WINDOW).hasValue(2);
  }

  @Test
  void columnsThatNobodySelectsAreNotRead() {
    Dataset<Row> lengths = TextLengths.of(table(), "text");
    assertThat(plan(lengths.select("id", "length")))
        .contains("ReadSchema: struct<id:bigint,text:string>");
    assertThat(plan(lengths.select("length"))).contains("ReadSchema: struct<text:string>");
    assertThat(strings(lengths.selectExpr("CAST(length AS STRING)"))).contains("9", "-1");
  }

  @Test
  void whereNothingReadsTheNewColumnsNothingIsComputed() {
    Dataset<Row> lengths = TextLengths.of(table(), "text");
    assertThat(lengths.count()).isEqualTo(10);
    assertThat(lengths.where("id > 3").count()).isEqualTo(6);
    assertThat(strings(lengths.select("other"))).hasSize(10);
    assertThat(plan(lengths.select("other"))).contains("ReadSchema: struct<other:string>");
    assertThat(TextLengths.ROWS).hasValue(0);
  }

  @Test
  void filtersOfOtherColumnsGoBelow() {
    Dataset<Row> lengths = TextLengths.of(table(), "text").where("id > 6 AND length <> 8");
    assertThat(strings(lengths.selectExpr("same"))).containsExactly("ä".repeat(7), "ä".repeat(9));
    assertThat(TextLengths.ROWS).hasValue(3);
    assertThat(plan(lengths)).contains("PushedFilters: [IsNotNull(id), GreaterThan(id,6)]");
  }

  @Test
  void aLimitComputesTheFirstWindowOnly() {
    assertThat(TextLengths.of(table(), "text").limit(2).collectAsList()).hasSize(2);
    assertThat(TextLengths.ROWS).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTableJoinsItself(boolean adaptive) {
    spark.conf().set(ADAPTIVE, adaptive);
    Dataset<Row> lengths = TextLengths.of(table(), "text");
    Dataset<Row> joined = lengths.join(lengths, "id");
    assertThat(joined.columns()).hasSize(11);
    assertThat(joined.collectAsList()).hasSize(10);
    Dataset<Row> byLength =
        lengths
            .as("a")
            .join(lengths.as("b"), org.apache.spark.sql.functions.expr("a.length = b.length + 1"));
    assertThat(strings(byLength.selectExpr("concat(a.id, '>', b.id)")))
        .containsExactlyInAnyOrder("0>4", "1>0", "2>1", "3>2", "6>5", "7>6", "8>7", "9>8");
  }

  @Test
  void aTableIsUnitedWithItself() {
    Dataset<Row> lengths = TextLengths.of(table(), "text");
    assertThat(lengths.union(lengths).where("length > 7").count()).isEqualTo(4);
    assertThat(lengths.intersect(lengths).count()).isEqualTo(10);
    assertThat(lengths.where("length IN (SELECT max(length) FROM VALUES (9) AS t(length))").count())
        .isOne();
  }

  @Test
  void oneStandsOnAnother() {
    Dataset<Row> first =
        TextLengths.of(table(), "text")
            .withColumnsRenamed(java.util.Map.of("length", "l1", "same", "s1", "vector", "v1"));
    Dataset<Row> both = TextLengths.of(first, "other");
    assertThat(strings(both.selectExpr("concat(l1, ' ', length)"))).contains("3 6", "-1 6");
    assertThat(both.join(both, "id").count()).isEqualTo(10);
    assertThat(strings(TextLengths.of(first, "s1").selectExpr("concat(l1 - length, '')")))
        .containsOnly("0");
  }

  @Test
  void equalTablesAreComputedOnceAndKept() {
    spark.conf().set("spark.sql.autoBroadcastJoinThreshold", -1);
    try {
      Dataset<Row> a = TextLengths.of(table(), "text").groupBy("length").count();
      Dataset<Row> b = TextLengths.of(table(), "text").groupBy("length").count();
      Dataset<Row> joined = a.as("a").join(b.as("b"), "length");
      assertThat(joined.collectAsList()).hasSize(10);
      assertThat(plan(joined)).contains("ReusedExchange");
      assertThat(TextLengths.ROWS).hasValue(10);
    } finally {
      spark.conf().unset("spark.sql.autoBroadcastJoinThreshold");
    }
  }

  @Test
  void equalFunctionsMakeEqualPlans() {
    LogicalPlan plan = analyzed(TextLengths.of(table(), "text"));
    assertThat(plan.sameResult(analyzed(TextLengths.of(table(), "text")))).isTrue();
    assertThat(plan.sameResult(analyzed(TextLengths.of(table(), "other")))).isFalse();
    Dataset<Row> otherWindows =
        WithColumns.of(table(), new TextLengths(4), List.of(1), TextLengths.COLUMNS);
    assertThat(plan.sameResult(analyzed(otherWindows))).isFalse();
  }

  @Test
  void aCachedTableIsComputedOnce() {
    Dataset<Row> lengths = TextLengths.of(table(), "text").persist();
    try {
      assertThat(lengths.count()).isEqualTo(10);
      assertThat(TextLengths.of(table(), "text").where("length = 9").count()).isOne();
      assertThat(TextLengths.ROWS).hasValue(10);
    } finally {
      lengths.unpersist();
    }
  }

  @Test
  void aCheckpointKeepsValues() {
    Dataset<Row> kept = TextLengths.of(table(), "text").localCheckpoint();
    assertThat(kept.where("length = char_length(text)").count()).isEqualTo(9);
    assertThat(TextLengths.ROWS).hasValue(10);
  }

  @Test
  void rowsOfTheDriverAndOfRddsPassToo() {
    Dataset<Row> local = spark.sql("SELECT * FROM VALUES (1, 'a'), (2, 'bc') AS t(id, text)");
    assertThat(strings(TextLengths.of(local, "text").selectExpr("concat(id, same, length)")))
        .containsExactly("1a1", "2bc2");
    Dataset<Row> rdd = TestSpark.texts(List.of("x", "yz"), 1);
    assertThat(strings(TextLengths.of(rdd, "text").selectExpr("concat(id, same, length)")))
        .containsExactly("0x1", "1yz2");
    assertThat(TextLengths.of(rdd.limit(0), "text").collectAsList()).isEmpty();
  }

  @Test
  void aSortedAndPartitionedTableStaysSo() {
    spark.conf().set(ADAPTIVE, false);
    Dataset<Row> rows = table();
    Dataset<Row> sorted = rows.repartition(2, rows.col("id")).sortWithinPartitions("id");
    Dataset<Row> grouped = TextLengths.of(sorted, "text").groupBy("id").sum("length");
    assertThat(grouped.collectAsList()).hasSize(10);
    assertThat(plan(grouped).split("Exchange hashpartitioning", -1)).hasSize(2);
  }

  @Test
  void aPlanSaysWhatIsComputed() {
    Dataset<Row> lengths = TextLengths.of(table(), "text");
    assertThat(plan(lengths).replaceAll("#\\d+L?", ""))
        .contains("TextLengths in windows of 3, [text], [length, same, vector]");
    spark.conf().set(ADAPTIVE, false);
    assertThat(
            ((org.apache.spark.sql.classic.Dataset<Row>) TextLengths.of(table(), "text"))
                .queryExecution()
                .explainString(org.apache.spark.sql.execution.FormattedMode$.MODULE$)
                .replaceAll("#\\d+L?", ""))
        .contains(
            "TextLengths\nInput [3]: [id, text, other]\nArguments: in windows of 3, [text], [length, same, vector]");
  }

  @Test
  void metricsAreSummedOverTasks() {
    spark.conf().set(ADAPTIVE, false);
    var lengths = (org.apache.spark.sql.classic.Dataset<Row>) TextLengths.of(table(), "text");
    lengths.collectAsList();
    SQLMetric characters =
        CollectionConverters.asJava(
                lengths
                    .queryExecution()
                    .executedPlan()
                    .collect(scala.PartialFunction.fromFunction(plan -> plan)))
            .stream()
            .filter(WithColumnsExec.class::isInstance)
            .map(plan -> plan.metrics().apply("characters"))
            .findFirst()
            .orElseThrow();
    assertThat(characters.value()).isEqualTo(41);
  }

  @Test
  void anotherSessionComputesToo() {
    TextLengths.of(table(), "text").createOrReplaceGlobalTempView("lengths");
    try {
      assertThat(
              spark
                  .newSession()
                  .sql("SELECT sum(length) FROM global_temp.lengths")
                  .first()
                  .getLong(0))
          .isEqualTo(40);
    } finally {
      spark.catalog().dropGlobalTempView("lengths");
    }
  }

  /** The session may be older than the jar. */
  @Test
  void aSessionGetsTheStrategyOnce() {
    TextLengths.of(table(), "text");
    TextLengths.of(table(), "text");
    var session = (org.apache.spark.sql.classic.SparkSession) spark;
    assertThat(CollectionConverters.asJava(session.experimental().extraStrategies()))
        .filteredOn(WithColumnsStrategy.class::isInstance)
        .hasSize(1);
  }

  @Test
  void aStreamJoinsItself() throws Exception {
    table();
    Dataset<Row> stream =
        spark.readStream().schema(table().schema()).parquet(folder.resolve("table").toString());
    Dataset<Row> lengths = TextLengths.of(stream, "text");
    lengths
        .as("a")
        .join(lengths.as("b"), org.apache.spark.sql.functions.expr("a.id = b.length"))
        .selectExpr("a.id", "b.same")
        .writeStream()
        .format("memory")
        .queryName("joined_lengths")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    assertThat(spark.table("joined_lengths").where("id = char_length(same)").count()).isEqualTo(9);
  }

  @Test
  void aFailureInATaskClosesItsPartition() {
    Dataset<Row> failing =
        TextLengths.of(table(), "text").selectExpr("IF(length > 7, raise_error('long'), length)");
    assertThatThrownBy(failing::collectAsList).hasMessageContaining("long");
  }
}
