package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.mllib.clustering.KMeans;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.TestSpark;

/** What is found in the driver's memory is what MLlib finds. */
@Tag("long")
class LocalVectorsTest {
  private static final Offset<Double> ROUNDING = within(1e-9);

  private static LocalVectors local(List<Row> rows, Distance distance) {
    return (LocalVectors) VectorLayout.of(Groups.check(Groups.table(rows, 2), distance));
  }

  private static SparkVectors distributed(List<Row> rows, Distance distance) {
    return SparkVectors.distribute(Groups.check(Groups.table(rows, 3), distance));
  }

  private static ClusteringSettings settings(Distance distance, int k, long seed, int iterations) {
    return new ClusteringSettings(
        new KChoice.Fixed(k), Algorithm.KMEANS, distance, 0, seed, iterations, 1e-4, 8, 1, 1_000);
  }

  @ParameterizedTest
  @CsvSource({"COSINE,1", "COSINE,3", "COSINE,100", "EUCLIDEAN,1", "EUCLIDEAN,4", "EUCLIDEAN,100"})
  void fromTheSameCentroidsTheStepsAreThoseOfMllib(Distance distance, int iterations) {
    Points points = local(Groups.noise(300, 7), distance).points();
    double[][] start = {points.row(3), points.row(77), points.row(150), points.row(151)};
    ClusteringSettings settings = settings(distance, 4, 1, iterations);
    KMeansRun found = new LocalKMeans(points, settings).from(start);
    var expected = mllib(points, start, settings);
    assertThat(found.iterations()).isEqualTo(expected.numIter()).isLessThanOrEqualTo(iterations);
    assertThat(found.cost()).isCloseTo(distance.squared(expected.trainingCost()), ROUNDING);
    for (int cluster = 0; cluster < start.length; cluster++) {
      assertThat(found.centroids()[cluster])
          .containsExactly(expected.clusterCenters()[cluster].toArray(), ROUNDING);
    }
  }

  private static org.apache.spark.mllib.clustering.KMeansModel mllib(
      Points points, double[][] start, ClusteringSettings settings) {
    Vector[] centers = Arrays.stream(start).map(Vectors::dense).toArray(Vector[]::new);
    return mllib(settings)
        .setK(start.length)
        .setInitialModel(new org.apache.spark.mllib.clustering.KMeansModel(centers))
        .run(vectors(points).rdd());
  }

  private static KMeans mllib(ClusteringSettings settings) {
    return new KMeans()
        .setDistanceMeasure(settings.distance().measure())
        .setMaxIterations(settings.maxIterations())
        .setInitializationSteps(settings.initSteps())
        .setEpsilon(settings.distance().mllibTolerance(settings.tolerance()));
  }

  private static JavaRDD<Vector> vectors(Points points) {
    List<Vector> rows = new ArrayList<>();
    for (int row = 0; row < points.rows(); row++) {
      rows.add(Vectors.dense(points.row(row)));
    }
    return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext())
        .parallelize(rows, 1);
  }

  @ParameterizedTest
  @EnumSource
  void theBestOfManyRunsCostsNoMoreThanTheBestOfTwoOfMllib(Distance distance) {
    Points points = local(Groups.noise(300, 7), distance).points();
    for (long seed = 1; seed <= 3; seed++) {
      var settings = settings(distance, 8, seed, 100);
      var found =
          new KMeansFit(settings, () -> {}).best(local(Groups.noise(300, 7), distance), 8, 100);
      for (long other = seed; other < seed + 2; other++) {
        var model = mllib(settings).setK(8).setSeed(other).run(vectors(points).rdd());
        assertThat(found.cost()).isLessThan(distance.squared(model.trainingCost()) + 1e-9);
      }
    }
  }

  /** Costs of single runs differ by several percent among seeds, so their sum is compared. */
  @ParameterizedTest
  @EnumSource
  void overSeedsARunCostsAboutAsMuchAsThatOfMllib(Distance distance) {
    Points points = local(Groups.noise(300, 7), distance).points();
    double found = 0;
    double expected = 0;
    for (long seed = 1; seed <= 12; seed++) {
      ClusteringSettings settings = settings(distance, 8, seed, 100);
      found += new LocalKMeans(points, settings).run(8, seed).cost();
      var model = mllib(settings).setK(8).setSeed(seed).run(vectors(points).rdd());
      expected += distance.squared(model.trainingCost());
    }
    assertThat(found / expected).isBetween(0.98, 1.02);
  }

  @ParameterizedTest
  @EnumSource
  void silhouettesAreThoseOfMllib(Distance distance) {
    List<Row> rows = Groups.noise(200, 5);
    rows.add(rows.get(0));
    try (VectorLayout few = local(rows, distance);
        VectorLayout many = distributed(rows, distance)) {
      for (int k : new int[] {2, 6, 60}) {
        var model = new KMeansFit(settings(distance, k, 1, 100), () -> {}).best(few, k, 1).model();
        assertThat(Silhouette.of(model, few).getAsDouble())
            .isCloseTo(Silhouette.of(model, many).getAsDouble(), ROUNDING);
      }
    }
  }

  @Test
  void oneClusterHasNoSilhouette() {
    Points points = local(Groups.noise(5, 3), Distance.EUCLIDEAN).points();
    assertThat(Silhouette.of(points, new int[5], 2)).isEmpty();
    assertThat(Silhouette.of(points, new int[] {0, 1, 0, 1, 0}, 2)).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void principalComponentsAreThoseOfMllibUpToTheirSign(Distance distance) {
    List<Row> rows = Groups.noise(150, 9);
    try (LocalVectors few = local(rows, distance);
        VectorLayout many = distributed(rows, distance)) {
      PCAModel expected =
          new PCA().setInputCol(many.column()).setOutputCol("pca").setK(4).fit(many.dataset());
      PrincipalAxes found = PrincipalAxes.of(few.points(), 4);
      assertThat(found.explained())
          .containsExactly(expected.explainedVariance().toArray(), ROUNDING);
      for (int axis = 0; axis < 4; axis++) {
        double[] values = new double[9];
        for (int d = 0; d < values.length; d++) {
          values[d] = expected.pc().apply(d, axis);
        }
        double sign = found.on(axis, values) < 0 ? -1 : 1;
        assertThat(found.axes()[axis])
            .containsExactly(Arrays.stream(values).map(value -> sign * value).toArray(), ROUNDING);
        assertThat(found.model().pc().apply(2, axis)).isEqualTo(found.axes()[axis][2]);
        double largest = Arrays.stream(found.axes()[axis]).max().orElseThrow();
        assertThat(Arrays.stream(found.axes()[axis])).allMatch(value -> -value < largest);
      }
    }
  }

  @Test
  void vectorsThatDoNotVaryHaveAxesWithoutVariance() {
    PrincipalAxes axes =
        PrincipalAxes.of(local(Groups.noise(1, 3), Distance.EUCLIDEAN).points(), 2);
    assertThat(axes.explained()).containsOnly(0);
    assertThat(Arrays.stream(axes.axes()).flatMapToDouble(Arrays::stream))
        .allMatch(Double::isFinite);
  }

  @ParameterizedTest
  @EnumSource
  void vectorsThatWereKeptAreThoseThatSparkWouldRead(Distance distance) {
    List<Row> rows = Groups.noise(60, 7);
    rows.add(Groups.row(60, "", 0f, -0f, 0f, 1f, 0f, 0f, 0f));
    rows.add(Groups.row(61, "", 0f, 0f, 0f, 0f, 0f, -0f, 0f));
    rows.add(Groups.row(62, "", 1f, null, 0f, 0f, 0f, 0f, 0f));
    rows.add(Groups.row(63, "", Float.NaN, 0f, 0f, 0f, 0f, 0f, 0f));
    rows.add(Groups.row(64, "", (Float[]) null));
    for (String type : List.of("array<float>", "array<double>")) {
      CheckedEmbeddings embeddings =
          Groups.check(
              Groups.table(rows, 3).withColumn("embedding", functions.col("embedding").cast(type)),
              distance);
      int zero = distance == Distance.COSINE ? 1 : 0;
      assertThat(embeddings.counts()).isEqualTo(new VectorCounts(65, 2, 1, zero, 7));
      assertThat(sorted(LocalVectors.kept(embeddings)))
          .hasSize(62 - zero)
          .isEqualTo(sorted(LocalVectors.read(embeddings)));
    }
  }

  private static List<Map.Entry<Long, List<Double>>> sorted(LocalVectors.Keyed[] vectors) {
    return Arrays.stream(vectors)
        .sorted(Comparator.comparingLong(LocalVectors.Keyed::key))
        .map(each -> Map.entry(each.key(), boxed(each.vector())))
        .toList();
  }

  @Test
  void aTaskWithMostOfTheRowsKeepsNoneAndTheyAreReadAgain() {
    Dataset<Row> table =
        TestSpark.session()
            .range(0, 2_000, 1, 1)
            .select(functions.array(functions.col("id").cast("float")).as("embedding"));
    Dataset<Row> skewed = table.union(Groups.table(List.of(), 10).select("embedding"));
    CheckedEmbeddings kept = Groups.check(table, Distance.EUCLIDEAN);
    CheckedEmbeddings read = Groups.check(skewed, Distance.EUCLIDEAN);
    assertThat(kept.few().orElseThrow()).hasSize(2_000);
    assertThat(read.few()).as("of 2,000 rows in one of 11 tasks").isEmpty();
    try (VectorLayout one = VectorLayout.of(kept);
        VectorLayout other = VectorLayout.of(read)) {
      assertThat(one).isInstanceOf(LocalVectors.class);
      assertThat(other).isInstanceOf(LocalVectors.class);
      for (int row = 0; row < 2_000; row++) {
        assertThat(((LocalVectors) other).points().row(row))
            .isEqualTo(((LocalVectors) one).points().row(row));
      }
    }
  }

  @Test
  void aSampleHasTheSameRowsAsThatOfSpark() {
    List<Row> rows = Groups.noise(400, 3);
    try (LocalVectors few = local(rows, Distance.COSINE).sample(100, 7);
        VectorLayout all = distributed(rows, Distance.COSINE);
        VectorLayout many = all.sample(100, 7)) {
      List<List<Double>> expected = new ArrayList<>();
      for (Row row : many.dataset().select(many.column()).collectAsList()) {
        expected.add(boxed(row.<org.apache.spark.ml.linalg.Vector>getAs(0).toArray()));
      }
      List<List<Double>> found = new ArrayList<>();
      for (int row = 0; row < few.rows(); row++) {
        found.add(boxed(few.points().row(row)));
      }
      assertThat(found).isEqualTo(expected).hasSizeBetween(60, 140);
      assertThat(few.distinct()).isEqualTo(many.distinct());
    }
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  @ParameterizedTest
  @EnumSource
  void duplicatesAreOnePlaceOnBothSides(Distance distance) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(Groups.row(i, "", 1f, i % 4f));
    }
    var four = settings(distance, 4, 1, 100);
    var five = settings(distance, 5, 1, 100);
    try (VectorLayout few = local(rows, distance);
        VectorLayout many = distributed(rows, distance)) {
      for (VectorLayout vectors : List.of(few, many)) {
        assertThat(vectors.distinct()).isEqualTo(4);
        assertThat(Groups.fit(vectors, four).cost()).isCloseTo(0, ROUNDING);
        assertThatThrownBy(() -> Groups.fit(vectors, five))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("Cannot cluster: k = 5, but found only 4 distinct vectors");
      }
    }
  }

  @Test
  void oneDimensionHasTwoDirectionsOnBothSides() {
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < 20; i++) {
      rows.add(Groups.row(i, "", i % 3 == 0 ? -i : (float) i));
    }
    var settings = settings(Distance.COSINE, 2, 1, 100);
    try (VectorLayout few = local(rows, Distance.COSINE);
        VectorLayout many = distributed(rows, Distance.COSINE)) {
      for (VectorLayout vectors : List.of(few, many)) {
        assertThat(Groups.fit(vectors, settings).clusters().centroidSimilarities())
            .isDeepEqualTo(new double[][] {{1, -1}, {-1, 1}});
      }
    }
  }

  @Test
  void aClusterOfOppositeVectorsHasNoDirection() {
    double[][] rows = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}};
    var settings = settings(Distance.COSINE, 2, 1, 100);
    KMeansRun run =
        new LocalKMeans(Points.of(3, 3, row -> rows[row]), settings)
            .from(new double[][] {{0, 0, 1}, {0, 1, 0}});
    assertThat(run.cost()).isInfinite();
    KMeansModel model = run.model(settings, 2, 1);
    assertThatThrownBy(() -> CentroidModel.of(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot cluster: the vectors of a cluster cancel each other out");
  }

  @Test
  void partitionsAndOrderChangeNothingToTheLastBit() {
    List<Row> rows = Groups.noise(300, 7);
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));
    var settings =
        new ClusteringSettings(
            new KChoice.BestOf(List.of(3, 5)),
            Algorithm.KMEANS,
            Distance.COSINE,
            4,
            1,
            100,
            1e-4,
            8,
            5,
            200);
    var one = Groups.fit(Groups.table(rows, 1), settings);
    var other = Groups.fit(Groups.table(shuffled, 7), settings);
    assertThat(other.cost()).isEqualTo(one.cost());
    assertThat(other.scanned()).isEqualTo(one.scanned());
    assertThat(other.clusters().model().centroids()).isEqualTo(one.clusters().model().centroids());
  }

  @Test
  void fewRowsAreThoseOfTheBound() {
    assertThat(LocalVectors.areFew(20_000, 384)).isTrue();
    assertThat(LocalVectors.areFew(20_001, 1)).isFalse();
    assertThat(LocalVectors.areFew(10_240, 1_024)).isTrue();
    assertThat(LocalVectors.areFew(10_241, 1_024)).isFalse();
    assertThat(LocalVectors.areFew(Long.MAX_VALUE, 4)).isFalse();
    Dataset<Row> table =
        TestSpark.session()
            .range(0, 20_001, 1, 2)
            .select(functions.array(functions.col("id").cast("float")).as("embedding"));
    try (VectorLayout many = VectorLayout.of(Groups.check(table, Distance.EUCLIDEAN));
        VectorLayout few =
            VectorLayout.of(Groups.check(table.where("id > 0"), Distance.EUCLIDEAN))) {
      assertThat(many).isInstanceOf(SparkVectors.class);
      assertThat(few).isInstanceOf(LocalVectors.class);
      assertThat(few.rows()).isEqualTo(20_000);
      try (VectorLayout some = many.sample(10_000, 3);
          VectorLayout all = many.sample(20_001, 3)) {
        assertThat(some).isInstanceOf(LocalVectors.class);
        assertThat(some.rows()).isBetween(9_700L, 10_300L);
        assertThat(all).isInstanceOf(SparkVectors.class);
        assertThat(all.rows()).isEqualTo(20_001);
      }
    }
  }
}
