package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.cluster.LabelAgreements.Sums;

class LabelAgreementsTest {
  private static final Offset<Double> EXACT = within(1e-12);
  private static final StructType SCHEMA =
      new StructType()
          .add("cluster.no", DataTypes.IntegerType, true)
          .add("label", DataTypes.StringType, true);

  /**
   * Clusters aab|bb: entropy of labels ln 5 - (2 ln 2 + 3 ln 3) / 5, as of clusters; joint one ln 5
   * - 2 (2 ln 2) / 5. Of 10 pairs of rows 2 are together in both, 4 in each, so 2 are expected to
   * differ each way.
   */
  @Test
  void aTableWorkedByHand() {
    LabelAgreement found = agreement(List.of(0, 0, 0, 1, 1), List.of("a", "a", "b", "b", "b"));
    double each = Math.log(5) - (2 * Math.log(2) + 3 * Math.log(3)) / 5;
    double joint = Math.log(5) - 4 * Math.log(2) / 5;
    double mutual = 2 * each - joint;
    assertAgreement(
        found,
        new LabelAgreement(
            "label",
            5,
            2,
            mutual / each,
            mutual / each,
            mutual / each,
            2.0 * (2 * 4 - 2 * 2) / (4 * 6 + 4 * 6),
            mutual / each));
  }

  @Test
  void agreesWithTheDefinitionsOnRandomAssignments() {
    Random random = new Random(3);
    List<Integer> clusters = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int cluster = random.nextInt(5);
      clusters.add(cluster);
      labels.add("label " + (random.nextInt(3) == 0 ? random.nextInt(7) : cluster));
    }
    LabelAgreement found = agreement(clusters, labels);
    assertAgreement(found, byDefinition(clusters, labels));
    assertInvariances(found, clusters, labels);
  }

  private static void assertInvariances(
      LabelAgreement found, List<Integer> clusters, List<String> labels) {
    List<Integer> renamed = clusters.stream().map(cluster -> 100 - 7 * cluster).toList();
    List<String> reversed = labels.stream().map(label -> label + " neu").toList();
    assertAgreement(agreement(renamed, reversed), found);
    LabelAgreement swapped = LabelAgreements.of(table(clusters, labels), "label", "cluster.no");
    assertThat(swapped.labelColumn()).isEqualTo("cluster.no");
    assertThat(swapped.homogeneity()).isCloseTo(found.completeness(), EXACT);
    assertThat(swapped.completeness()).isCloseTo(found.homogeneity(), EXACT);
    assertThat(swapped.vMeasure()).isCloseTo(found.vMeasure(), EXACT);
    assertThat(swapped.adjustedRandIndex()).isCloseTo(found.adjustedRandIndex(), EXACT);
  }

  @Test
  void whereMeasuresAreNotDefinedTheyAreThoseOfScikitLearn() {
    Sums apart = sums(1, 1, 1);
    Sums together = sums(3);
    assertMeasures(measures(together, together, together, together), 1, 1, 1, 1, 1);
    assertMeasures(measures(sums(1), sums(1), sums(1), sums(1)), 1, 1, 1, 1, 1);
    assertMeasures(measures(apart, apart, apart, together), 1, 1, 1, 1, 1);
    assertMeasures(measures(apart, apart, together, together), 1, 0, 0, 0, 0);
    assertMeasures(measures(apart, together, apart, together), 0, 1, 0, 0, 0);
  }

  @Test
  void perfectAgreementIsOneAndWorseThanChanceBelowZero() {
    assertMeasures(measures(sums(2, 3), sums(3, 2), sums(2, 3), sums(5)), 1, 1, 1, 1, 1);
    Sums halves = sums(2, 2);
    assertMeasures(measures(sums(1, 1, 1, 1), halves, halves, sums(4)), 0, 0, 0, -0.5, 0);
  }

  @Test
  void countsOfAnySizeOverflowNothing() {
    long half = 5_000_000_000_000_000L;
    Dataset<Row> cells =
        TestSpark.session()
            .sql(
                "SELECT * FROM VALUES ('0', 'a', %1$dL), ('1', 'b', %2$dL), ('2', 'b', %2$dL)"
                        .formatted(half, half / 2)
                    + " AS cells(cluster, label, n)");
    LabelAgreement found = LabelAgreements.agreement("label", LabelAgreements.sums(cells));
    assertThat(found.rows()).isEqualTo(2 * half);
    assertMeasures(found, 1, 2 / 3.0, 0.8, 0.75, 0.8);
  }

  @Test
  void splittingALabelCostsCompletenessAndRowsWithoutEitherNothing() {
    List<Integer> clusters = new ArrayList<>(List.of(0, 1, 2, 2, 3));
    List<String> labels = new ArrayList<>(List.of("a", "a", "b", "b", "c"));
    clusters.add(null);
    labels.add("b");
    labels.set(4, null);
    LabelAgreement found = agreement(clusters, labels);
    assertMeasures(found, 1, 2 / 3.0, 0.8, 4 / 7.0, 0.8);
    assertThat(found.rows()).isEqualTo(4);
    assertThat(found.labels()).isEqualTo(2);
  }

  @Test
  void labelsMayBeOfAnyType() {
    Dataset<Row> rows =
        table(List.of(0, 0, 1), List.of("1.5", "1.5", "2"))
            .withColumn("number", functions.col("label").cast("double"))
            .withColumn("list", functions.array(functions.col("number")));
    assertMeasures(LabelAgreements.of(rows, "number", "list"), 1, 1, 1, 1, 1);
  }

  @Test
  void noRowAndNoColumnAreRefused() {
    Dataset<Row> rows = TestSpark.session().createDataFrame(nothingShared(), SCHEMA);
    assertThatThrownBy(() -> LabelAgreements.of(rows, "cluster.no", "label"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compare columns 'cluster.no' and 'label': a row must have both, found none");
    LabelCells none = LabelCells.of(rows, "cluster.no", "label");
    assertThatThrownBy(() -> none.agreement("cluster.no", "label"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compare columns 'cluster.no' and 'label': a row must have both, found none");
    assertThatThrownBy(() -> LabelAgreements.of(rows, "cluster.no", "topic"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot compare column 'topic': there is no such column, found [cluster.no, label]");
  }

  private static List<Row> nothingShared() {
    return List.of(RowFactory.create(1, null), RowFactory.create(null, "a"));
  }

  /** Entropies as sums over shares, pairs of rows one by one. */
  private static LabelAgreement byDefinition(List<Integer> clusters, List<String> labels) {
    int rows = clusters.size();
    Map<Object, Integer> ofCluster = counts(clusters);
    Map<Object, Integer> ofLabel = counts(labels);
    double mutual = 0;
    for (var cell :
        counts(IntStream.range(0, rows).mapToObj(i -> cell(clusters, labels, i)).toList())
            .entrySet()) {
      List<?> key = (List<?>) cell.getKey();
      double share = cell.getValue() / (double) rows;
      double expected = ofCluster.get(key.get(0)) * (double) ofLabel.get(key.get(1)) / rows / rows;
      mutual += share * Math.log(share / expected);
    }
    double homogeneity = mutual / entropy(ofLabel.values(), rows);
    double completeness = mutual / entropy(ofCluster.values(), rows);
    return new LabelAgreement(
        "label",
        rows,
        ofLabel.size(),
        homogeneity,
        completeness,
        2 * homogeneity * completeness / (homogeneity + completeness),
        adjustedRandIndex(clusters, labels),
        mutual / ((entropy(ofLabel.values(), rows) + entropy(ofCluster.values(), rows)) / 2));
  }

  private static List<Object> cell(List<Integer> clusters, List<String> labels, int i) {
    return List.of(clusters.get(i), labels.get(i));
  }

  private static Map<Object, Integer> counts(List<?> values) {
    Map<Object, Integer> counts = new HashMap<>();
    values.forEach(value -> counts.merge(value, 1, Integer::sum));
    return counts;
  }

  private static double entropy(Collection<Integer> counts, int rows) {
    return -counts.stream()
        .mapToDouble(count -> count / (double) rows * Math.log(count / (double) rows))
        .sum();
  }

  private static double adjustedRandIndex(List<Integer> clusters, List<String> labels) {
    double both = 0;
    double inCluster = 0;
    double inLabel = 0;
    double pairs = 0;
    for (int i = 0; i < clusters.size(); i++) {
      for (int j = 0; j < i; j++) {
        boolean sameCluster = clusters.get(i).equals(clusters.get(j));
        boolean sameLabel = labels.get(i).equals(labels.get(j));
        pairs++;
        inCluster += sameCluster ? 1 : 0;
        inLabel += sameLabel ? 1 : 0;
        both += sameCluster && sameLabel ? 1 : 0;
      }
    }
    double expected = inCluster * inLabel / pairs;
    return (both - expected) / ((inCluster + inLabel) / 2 - expected);
  }

  private static LabelAgreement measures(Sums cells, Sums clusters, Sums labels, Sums all) {
    return LabelAgreements.agreement("label", cells, clusters, labels, all);
  }

  private static Sums sums(long... sizes) {
    return Sums.of(LongStream.of(sizes).boxed().toList());
  }

  private static void assertMeasures(
      LabelAgreement found,
      double homogeneity,
      double completeness,
      double v,
      double ari,
      double nmi) {
    assertAgreement(
        found,
        new LabelAgreement(
            "label", found.rows(), found.labels(), homogeneity, completeness, v, ari, nmi));
  }

  private static void assertAgreement(LabelAgreement found, LabelAgreement expected) {
    assertThat(found.rows()).isEqualTo(expected.rows());
    assertThat(found.labels()).isEqualTo(expected.labels());
    assertThat(found.homogeneity()).isCloseTo(expected.homogeneity(), EXACT);
    assertThat(found.completeness()).isCloseTo(expected.completeness(), EXACT);
    assertThat(found.vMeasure()).isCloseTo(expected.vMeasure(), EXACT);
    assertThat(found.adjustedRandIndex()).isCloseTo(expected.adjustedRandIndex(), EXACT);
    assertThat(found.normalizedMutualInformation())
        .isCloseTo(expected.normalizedMutualInformation(), EXACT);
  }

  private static LabelAgreement agreement(List<Integer> clusters, List<String> labels) {
    Dataset<Row> rows = table(clusters, labels);
    LabelAgreement found = LabelAgreements.of(rows, "cluster.no", "label");
    LabelAgreement few =
        LabelCells.of(rows, "cluster.no", "label").agreement("cluster.no", "label");
    assertAgreement(few, found);
    return found;
  }

  private static Dataset<Row> table(List<Integer> clusters, List<String> labels) {
    List<Row> rows =
        IntStream.range(0, clusters.size())
            .mapToObj(i -> RowFactory.create(clusters.get(i), labels.get(i)))
            .toList();
    return TestSpark.session().createDataFrame(rows, SCHEMA);
  }
}
