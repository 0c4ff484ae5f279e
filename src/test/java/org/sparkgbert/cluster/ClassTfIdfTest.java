package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.cluster.ClassTfIdf.Label;

class ClassTfIdfTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final ClassTfIdf BY_WEIGHT = new ClassTfIdf("a text", "in.cluster", 10, 1);
  private static final StructType SCHEMA =
      new StructType()
          .add("in.cluster", DataTypes.IntegerType, true)
          .add("a text", DataTypes.StringType, true);

  @Test
  void aWeightIsTheShareOfTheClusterTimesTheLogarithm() {
    assertThat(best(table(row(0, "Baum Baum Rose"), row(1, "Rose Zug"))))
        .satisfiesExactly(
            label -> assertLabel(label, 0, 1, "Baum", 2 / 3.0 * Math.log(1 + 2.5 / 2)),
            label -> assertLabel(label, 0, 2, "Rose", 1 / 3.0 * Math.log(1 + 2.5 / 2)),
            label -> assertLabel(label, 1, 1, "Zug", 1 / 2.0 * Math.log(1 + 2.5 / 1)),
            label -> assertLabel(label, 1, 2, "Rose", 1 / 2.0 * Math.log(1 + 2.5 / 2)));
  }

  @Test
  void weightsAreThoseOfTheFormulaWhateverThePartitions() {
    List<String> vocabulary =
        List.of("Baum", "Rose", "Zug", "Tisch", "Wolke", "Suppe", "Geige", "Torwart", "Akku");
    Random random = new Random(17);
    List<Row> rows = new ArrayList<>();
    List<Map<String, Integer>> counts = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
    for (int i = 0; i < 60; i++) {
      int cluster = random.nextInt(3);
      StringBuilder text = new StringBuilder();
      for (int words = random.nextInt(6); words > 0; words--) {
        int skewed = random.nextInt(1 + random.nextInt(vocabulary.size()));
        String word = vocabulary.get((skewed + cluster) % vocabulary.size());
        counts.get(cluster).merge(word, 1, Integer::sum);
        text.append(word).append(", ");
      }
      rows.add(row(cluster, text.toString()));
    }
    LongAccumulator reads = TestSpark.session().sparkContext().longAccumulator();
    Dataset<Row> table = table(rows.toArray(Row[]::new)).withColumn("a text", counting(reads));
    List<Label> labels = BY_WEIGHT.best(table.repartition(5));
    assertThat(reads.value()).isEqualTo(60);
    assertThat(labels).hasSize(counts.stream().mapToInt(Map::size).sum());
    assertThat(labels)
        .allSatisfy(
            label ->
                assertThat(label.weight())
                    .isCloseTo(weight(counts, label.cluster(), label.term()), EXACT));
    assertThat(BY_WEIGHT.best(table.coalesce(1))).isEqualTo(labels);
    assertThat(BY_WEIGHT.bestOfFew(table.repartition(3))).isEqualTo(labels);
    assertThat(reads.value()).isEqualTo(180);
  }

  @Test
  void inflectionsAreOneTermInItsUsualSpelling() {
    assertThat(
            terms(
                BY_WEIGHT,
                table(
                    row(0, "Nach dem Zug der Züge. Reife Kirschen, der reife Apfel und eine reife"),
                    row(0, "Zu\u0308ge und Züge, keine Zuege"),
                    row(1, "Kochen mit Gas; wer Nudeln kochen kann. Das Kochen"),
                    row(2, "Grillen"))))
        .containsEntry(0, List.of("Züge", "reife", "Apfel", "Kirschen"))
        .containsEntry(1, List.of("Kochen", "Gas", "Nudeln"))
        .containsEntry(2, List.of("Grillen"));
  }

  @Test
  void termsOfTooFewTextsStandBehindAllOthersAndEqualOnesByName() {
    Dataset<Row> rows =
        table(
            row(0, "Geige Geigen Geige Geige, Baum"),
            row(0, "Rose Baum"),
            row(0, "Wolke"),
            row(1, "Zug Tisch Dach Rose Ähre"));
    assertThat(terms(new ClassTfIdf("a text", "in.cluster", 4, 2), rows))
        .containsEntry(0, List.of("Baum", "Geige", "Wolke", "Rose"))
        .containsEntry(1, List.of("Dach", "Tisch", "Zug", "Ähre"));
    assertThat(terms(BY_WEIGHT, rows).get(0)).startsWith("Geige");
  }

  @Test
  void rowsWithoutTextOrClusterCountForNothing() {
    Dataset<Row> rows =
        table(row(7, "Baum"), row(null, "Baum Rose"), row(7, null), row(8, "und 12!"), row(9, ""));
    List<Label> labels = best(rows);
    assertThat(labels).hasSize(1);
    assertLabel(labels.get(0), 7, 1, "Baum", Math.log(2));
    assertThat(terms(BY_WEIGHT, rows.where("false"))).isEmpty();
  }

  @Test
  void equalTermsAreInTheOrderOfCodePointsInTheDriverToo() {
    Dataset<Row> rows =
        table(row(0, "\uFF21a \uD835\uDC00b zz"), row(0, "ZZ zZ Zz"), row(1, "Äpfel ÄPFEL äpfel"));
    assertThat(best(new ClassTfIdf("a text", "in.cluster", 9, 1), rows)).hasSize(4);
  }

  @Test
  void hostileTextsAreReadAsFarAsTheBound() {
    String huge = "Baum ".repeat(2_000_000);
    List<Label> labels = best(table(row(0, huge), row(0, "\uD83D Rose \uDE00\u0000")));
    assertThat(labels).extracting(Label::term).containsExactly("Baum", "Rose");
    double words = 65_536 / 5 + 1;
    assertThat(labels.get(1).weight()).isCloseTo(Math.log(1 + words) / words, EXACT);
  }

  @Test
  void wrongSettingsAndColumnsAreRefused() {
    assertThatThrownBy(() -> new ClassTfIdf("t", "c", 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot label clusters: terms must be positive, found 0");
    assertThatThrownBy(() -> new ClassTfIdf("t", "c", 1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot label clusters: minTexts must be positive, found -1");
    Dataset<Row> rows = table(row(0, "Baum"));
    assertThatThrownBy(() -> new ClassTfIdf("text", "in.cluster", 1, 1).byCluster(rows, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot label clusters by column 'text': there is no such column");
    assertThatThrownBy(() -> new ClassTfIdf("a text", "a text", 1, 1).byCluster(rows, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot label clusters by column 'a text': it must be INT, found STRING");
  }

  private static Column counting(LongAccumulator reads) {
    UDF1<String, String> read =
        text -> {
          reads.add(1);
          return text;
        };
    return functions
        .udf(read, DataTypes.StringType)
        .asNondeterministic()
        .apply(functions.col("a text"));
  }

  private static double weight(List<Map<String, Integer>> counts, int cluster, String term) {
    double all = 0;
    double everywhere = 0;
    for (Map<String, Integer> each : counts) {
      all += each.values().stream().mapToInt(count -> count).sum();
      everywhere += each.getOrDefault(term, 0);
    }
    double words = counts.get(cluster).values().stream().mapToInt(count -> count).sum();
    double average = all / counts.size();
    return counts.get(cluster).get(term) / words * Math.log(1 + average / everywhere);
  }

  private static void assertLabel(Label label, int cluster, int rank, String term, double weight) {
    assertThat(label.cluster()).isEqualTo(cluster);
    assertThat(label.rank()).isEqualTo(rank);
    assertThat(label.term()).isEqualTo(term);
    assertThat(label.weight()).isCloseTo(weight, EXACT);
  }

  /** What the driver finds is what Spark finds, to the last bit. */
  private static List<Label> best(ClassTfIdf labels, Dataset<Row> rows) {
    List<Label> best = labels.best(rows);
    assertThat(labels.bestOfFew(rows)).isEqualTo(best);
    return best;
  }

  private static List<Label> best(Dataset<Row> rows) {
    return best(BY_WEIGHT, rows);
  }

  private static Map<Integer, List<String>> terms(ClassTfIdf labels, Dataset<Row> rows) {
    best(labels, rows);
    Map<Integer, List<String>> few = labels.byCluster(rows, ClassTfIdf.FEW_CHARACTERS);
    assertThat(labels.byCluster(rows, ClassTfIdf.FEW_CHARACTERS + 1)).isEqualTo(few);
    return few;
  }

  private static Row row(Integer cluster, String text) {
    return RowFactory.create(cluster, text);
  }

  private static Dataset<Row> table(Row... rows) {
    return TestSpark.session().createDataFrame(List.of(rows), SCHEMA);
  }
}
