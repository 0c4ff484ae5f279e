package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import scala.reflect.ClassTag$;

/** What k-means finds in Spark is what it finds in memory, and what MLlib finds or better. */
class SparkKMeansTest {
  private static final Offset<Double> ROUNDING = within(1e-9);
  private static final int DIMENSION = 5;

  /** In several partitions. */
  private static SparkVectors many(List<Row> rows, Distance distance) {
    return SparkVectors.distribute(Groups.check(Groups.table(rows, 3), distance));
  }

  private static ClusteringSettings settings(Distance distance, int k, int restarts) {
    return new ClusteringSettings(
        new KChoice.Fixed(k), Algorithm.KMEANS, distance, 0, 1, 100, 1e-4, 8, restarts, 1_000);
  }

  @ParameterizedTest
  @EnumSource
  void fromTheSameCentroidsTheStepsAreThoseInMemory(Distance distance) {
    List<Row> rows = Groups.noise(12_000, DIMENSION);
    ClusteringSettings settings = settings(distance, 4, 1);
    AtomicInteger done = new AtomicInteger();
    try (SparkVectors many = many(rows, distance)) {
      assertThat(many.partitions()).isEqualTo(3);
      Points points = PointBlock.together(many.blocks().collect()).points();
      List<double[][]> starts =
          List.of(
              new double[][] {points.row(3), points.row(77), points.row(9_000)},
              new double[][] {points.row(5), points.row(11_000)});
      List<KMeansRun> found = new SparkKMeans(many, settings).from(starts, done::incrementAndGet);
      for (int run = 0; run < starts.size(); run++) {
        KMeansRun expected = new LocalKMeans(points, settings).from(starts.get(run));
        assertThat(found.get(run).iterations()).isEqualTo(expected.iterations());
        assertThat(found.get(run).cost()).isCloseTo(expected.cost(), within(1e-7));
        for (int i = 0; i < starts.get(run).length; i++) {
          assertThat(found.get(run).centroids()[i])
              .containsExactly(expected.centroids()[i], ROUNDING);
        }
      }
      assertThat(done).hasValue(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void overSeedsARunCostsNoMoreThanThatOfMllib(Distance distance) {
    int k = 8;
    long[] seeds = {1, 2, 3, 4};
    ClusteringSettings settings = settings(distance, k, 1);
    try (SparkVectors many = many(Groups.noise(400, DIMENSION), distance)) {
      double found =
          new SparkKMeans(many, settings)
              .runs(k, seeds, () -> {}).stream().mapToDouble(KMeansRun::cost).sum();
      double expected =
          Arrays.stream(seeds)
              .mapToDouble(
                  seed ->
                      new KMeans()
                          .setFeaturesCol(many.column())
                          .setDistanceMeasure(distance.measure())
                          .setK(k)
                          .setSeed(seed)
                          .setMaxIter(100)
                          .setInitSteps(8)
                          .setTol(distance.mllibTolerance(1e-4))
                          .fit(many.dataset())
                          .summary()
                          .trainingCost())
              .map(distance::squared)
              .sum();
      assertThat(found / expected).isBetween(0.9, 1.01);
    }
  }

  @Test
  void partitionsAndOrderOfTheInputChangeNothing() {
    List<Row> rows = Groups.noise(11_000, DIMENSION);
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));
    KMeansFit.Run one = best(rows, 1);
    KMeansFit.Run other = best(shuffled, 7);
    assertThat(other.cost()).isEqualTo(one.cost());
    assertThat(other.model().centroids()).isEqualTo(one.model().centroids());
  }

  private static KMeansFit.Run best(List<Row> rows, int partitions) {
    var embeddings = Groups.check(Groups.table(rows, partitions), Distance.COSINE);
    try (SparkVectors many = SparkVectors.distribute(embeddings)) {
      return new KMeansFit(settings(Distance.COSINE, 4, 2), () -> {}).best(many, 4, 2);
    }
  }

  @Test
  void aPartitionOfEqualVectorsIsSeveralBlocksAndRareVectorsAreFound() {
    List<Row> rows = new ArrayList<>(Collections.nCopies(12_000, Groups.row(0, "", 1f, 0f)));
    rows.add(Groups.row(1, "", 0f, 1f));
    rows.add(Groups.row(2, "", -1f, 1f));
    rows.add(Groups.row(3, "", 0f, -1f));
    try (SparkVectors many = many(rows, Distance.EUCLIDEAN)) {
      assertThat(many.rows()).isEqualTo(12_003);
      assertThat(many.distinct()).isEqualTo(4);
      assertThat(many.blocks().map(PointBlock::rows).collect())
          .allMatch(size -> size > 0 && size <= 5_000)
          .hasSizeBetween(3, 6);
      KMeansFit.Run found =
          new KMeansFit(settings(Distance.EUCLIDEAN, 4, 1), () -> {}).best(many, 4, 1);
      assertThat(found.cost()).isZero();
      assertThat(found.model().centroids()).hasSize(4);
    }
  }

  /** Rows that are drawn are mostly the same, so that more have to be drawn. */
  @Test
  void asManyClustersAreFoundAsAreWantedWhereMostVectorsAreEqual() {
    List<Row> rows = new ArrayList<>(Groups.noise(600, DIMENSION));
    rows.addAll(Collections.nCopies(5_400, Groups.row(0, "", 1f, 2f, 3f, 4f, 5f)));
    ClusteringSettings oneStep =
        new ClusteringSettings(
            new KChoice.Fixed(50), Algorithm.KMEANS, Distance.EUCLIDEAN, 0, 1, 20, 1e-4, 1, 1, 99);
    try (SparkVectors many = many(rows, Distance.EUCLIDEAN)) {
      assertThat(new KMeansFit(oneStep, () -> {}).best(many, 50, 1).model().centroids())
          .hasSize(50);
    }
  }

  @Test
  void vectorsAtGeometricDistancesAreAllFound() {
    List<Row> rows = new ArrayList<>(Collections.nCopies(3_000, Groups.row(0, "", 1f)));
    for (int i = 1; i <= 41; i++) {
      rows.add(Groups.row(i, "", (float) Math.pow(3, i / 2)));
    }
    try (SparkVectors many = many(rows, Distance.EUCLIDEAN)) {
      int distinct = (int) many.distinct();
      KMeansFit.Run found =
          new KMeansFit(settings(Distance.EUCLIDEAN, distinct, 1), () -> {})
              .best(many, distinct, 1);
      assertThat(found.model().centroids()).hasSize(distinct);
      assertThat(found.cost()).isZero();
    }
  }

  @Test
  void vectorsWhoseSquaredDistancesCannotBeAddedAreRefused() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rows.add(Groups.row(i, "", i % 100f));
    }
    var huge =
        Groups.table(rows, 2)
            .withColumn("embedding", functions.expr("transform(embedding, x -> x * 1e152D)"));
    var embeddings = Groups.check(huge, Distance.EUCLIDEAN);
    var settings = settings(Distance.EUCLIDEAN, 3, 2);
    try (VectorLayout few = VectorLayout.of(embeddings);
        SparkVectors many = SparkVectors.distribute(embeddings)) {
      for (VectorLayout vectors : List.of(few, many)) {
        assertThatThrownBy(() -> new KMeansFit(settings, () -> {}).best(vectors, 3, 2))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("Cannot cluster: vectors are so long that the sum");
      }
    }
  }

  @Test
  void aSampleWithFewerDistinctVectorsThanKIsNamed() {
    ClusteringSettings settings =
        new ClusteringSettings(
            new KChoice.BestOf(List.of(2, 40)),
            Algorithm.KMEANS,
            Distance.COSINE,
            0,
            1,
            20,
            1e-4,
            8,
            1,
            20);
    try (SparkVectors many = many(Groups.noise(400, DIMENSION), Distance.COSINE)) {
      assertThatThrownBy(() -> Groups.fit(many, settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching(
              "Cannot choose k: k = 40, but found only \\d+ distinct vectors in a sample of \\d+"
                  + " rows; raise --sample-rows");
    }
  }

  @Test
  void theVectorsThatMllibGetsAreThoseOfTheBlocks() {
    try (SparkVectors many = many(Groups.noise(5_500, DIMENSION), Distance.COSINE)) {
      Points points = PointBlock.together(many.blocks().collect()).points();
      List<double[]> found = new ArrayList<>();
      for (Row row : many.dataset().select(many.column()).collectAsList()) {
        found.add(row.<org.apache.spark.ml.linalg.Vector>getAs(0).toArray());
      }
      assertThat(found.toArray(double[][]::new))
          .isDeepEqualTo(
              IntStream.range(0, points.rows()).mapToObj(points::row).toArray(double[][]::new));
      var bisecting =
          new ClusteringSettings(
              new KChoice.Fixed(3), Algorithm.BISECTING, Distance.COSINE, 0, 1, 20, 1e-4, 8, 1, 99);
      assertThat(new KMeansFit(bisecting, () -> {}).best(many, 3, 1).model().centroids())
          .hasSize(3);
    }
  }

  /** Kryo cannot read records, and would only say so in a cluster whose memory is short. */
  @Test
  void whatSparkCachesCanBeSerializedByKryo() {
    SerializerInstance kryo = new KryoSerializer(new SparkConf()).newInstance();
    try (SparkVectors many = many(Groups.noise(300, DIMENSION), Distance.EUCLIDEAN)) {
      PointBlock block = many.blocks().first();
      PointBlock back = copy(kryo, block, PointBlock.class);
      assertThat(back.ids()).isEqualTo(block.ids());
      assertThat(back.keys()).isEqualTo(block.keys());
      assertThat(back.points().row(17)).isEqualTo(block.points().row(17));
      double[][] drawn = {block.points().row(4)};
      NearestDrawn nearest = NearestDrawn.ofNone(block.rows()).with(block.points(), drawn, 0);
      NearestDrawn read = copy(kryo, nearest, NearestDrawn.class);
      assertThat(read.cost()).isEqualTo(nearest.cost()).isPositive();
      assertThat(read.sizes(1)).containsExactly(block.rows());
    }
  }

  private static <T> T copy(SerializerInstance kryo, T value, Class<T> type) {
    ByteBuffer bytes = kryo.serialize(value, ClassTag$.MODULE$.apply(type));
    return kryo.deserialize(bytes, ClassTag$.MODULE$.apply(type));
  }

  @Test
  void principalComponentsOfManyAreThoseOfFew() {
    List<Row> rows = Groups.noise(6_000, DIMENSION);
    ClusteringSettings settings =
        new ClusteringSettings(
            new KChoice.Fixed(3), Algorithm.KMEANS, Distance.COSINE, 2, 1, 100, 1e-4, 8, 2, 6_000);
    try (SparkVectors many = many(rows, Distance.COSINE);
        VectorLayout few = VectorLayout.of(Groups.check(Groups.table(rows, 2), Distance.COSINE));
        VectorLayout manyReduced = PrincipalComponents.reduce(many, settings);
        VectorLayout fewReduced = PrincipalComponents.reduce(few, settings)) {
      assertThat(manyReduced).isInstanceOf(SparkVectors.class);
      assertThat(fewReduced).isInstanceOf(LocalVectors.class);
      double ofMany = new KMeansFit(settings, () -> {}).best(manyReduced, 3, 4).cost();
      double ofFew = new KMeansFit(settings, () -> {}).best(fewReduced, 3, 4).cost();
      assertThat(ofMany).isCloseTo(ofFew, within(1e-3 * ofFew));
    }
  }
}
