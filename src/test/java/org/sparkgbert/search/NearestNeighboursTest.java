package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.vector.Similarity;
import scala.jdk.javaapi.CollectionConverters;

class NearestNeighboursTest {
  private static final NeighbourSettings DEFAULTS = new SettingsBuilder().build();

  private static final List<float[]> LARGE = vectors(2_000, 24, 11);
  private static final Map<Similarity, List<String>> OF_LARGE = new EnumMap<>(Similarity.class);

  @ParameterizedTest
  @CsvSource({"COSINE, 2048, 1", "COSINE, 300, 5", "DOT, 1999, 3"})
  void theResultIsThatOfBruteForce(Similarity similarity, int blockRows, int partitions) {
    NeighbourSettings settings =
        settings().similarity(similarity).topK(7).blockRows(blockRows).build();
    List<String> expected =
        OF_LARGE.computeIfAbsent(
            similarity, key -> expected(BruteForce.neighbours(LARGE, settings)));
    assertThat(found(LARGE, settings, partitions)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"COSINE, 0.9", "COSINE, 1", "DOT, 3"})
  void scoresBelowTheLeastAreLeftOut(Similarity similarity, float minScore) {
    List<float[]> vectors = LARGE.subList(0, 300);
    NeighbourSettings settings =
        settings().similarity(similarity).topK(1_000).minScore(minScore).blockRows(64).build();
    List<BruteForce.Pair> pairs = BruteForce.neighbours(vectors, settings);
    assertThat(pairs).hasSizeBetween(10, 40_000);
    assertThat(found(vectors, settings, 2)).isEqualTo(expected(pairs));
  }

  @Test
  void unorderedPairsStandOnceWithTheBetterRank() {
    List<float[]> vectors = LARGE.subList(0, 120);
    NeighbourSettings settings = settings().topK(3).unordered().blockRows(50).build();
    List<BruteForce.Pair> once = BruteForce.unordered(BruteForce.neighbours(vectors, settings));
    assertThat(once).hasSizeLessThan(3 * 120);
    assertThat(found(vectors, settings, 2)).isEqualTo(expected(once));
  }

  @Test
  void equalRowsMeetInTheOrderOfTheirIds() {
    List<float[]> equal = Collections.nCopies(70, new float[] {0.1f, 0.7f, -0.3f});
    assertThat(found(equal, settings().topK(2).blockRows(9).build(), 3))
        .startsWith("0 1 1 1.0", "0 2 2 1.0", "1 0 1 1.0", "1 2 2 1.0", "2 0 1 1.0", "2 1 2 1.0")
        .hasSize(140);
  }

  @Test
  void moreThanThereAreCannotBeFound() {
    List<float[]> three = LARGE.subList(0, 3);
    assertThat(found(three, settings().topK(Integer.MAX_VALUE).build(), 2))
        .isEqualTo(expected(BruteForce.neighbours(three, DEFAULTS)))
        .hasSize(6);
    assertThat(found(LARGE.subList(0, 1), DEFAULTS, 1)).isEmpty();
    assertThat(found(List.of(), DEFAULTS, 1)).isEmpty();
  }

  @Test
  void rowsWithoutAUsableEmbeddingHaveNoPartners() {
    List<float[]> vectors =
        Arrays.asList(
            null,
            new float[] {1, 0},
            new float[] {0, 0},
            new float[] {Float.NaN, 1},
            new float[] {1, Float.NEGATIVE_INFINITY},
            new float[] {3, 4});
    assertThat(found(vectors, DEFAULTS, 2)).containsExactly("1 5 1 0.6", "5 1 1 0.6");
    assertThat(found(vectors, settings().similarity(Similarity.DOT).topK(1).build(), 2))
        .containsExactly("1 5 1 3.0", "2 1 1 0.0", "5 1 1 3.0");
    assertThat(found(vectors.subList(2, 5), DEFAULTS, 2)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 2048, 1", "1000, 2048, 7", "5000, 17, 3", "20000, 1, 4", "1000000, 64, 300"})
  void slicesBlocksAndPartitionsDoNotChangeTheResult(long sliceBytes, int blockRows, int sorted) {
    List<float[]> vectors = LARGE.subList(0, 250);
    NeighbourSettings ordered = settings().topK(4).blockRows(blockRows).build();
    NeighbourSettings once = settings().topK(4).unordered().blockRows(blockRows).build();
    List<BruteForce.Pair> pairs = BruteForce.neighbours(vectors, ordered);
    withSortedPartitions(
        sorted,
        () -> {
          Dataset<Row> table = table(shuffled(vectors, sorted), DataTypes.IntegerType, 3);
          assertThat(shown(NearestNeighbours.find(table, ordered, sliceBytes, read -> {})))
              .isEqualTo(expected(pairs));
          assertThat(shown(NearestNeighbours.find(table, once, sliceBytes, read -> {})))
              .isEqualTo(expected(BruteForce.unordered(pairs)));
        });
  }

  /** Sorts into that many partitions, some perhaps empty, whatever their size. */
  private static void withSortedPartitions(int partitions, Runnable test) {
    RuntimeConfig conf = TestSpark.session().conf();
    String before = conf.get("spark.sql.shuffle.partitions");
    conf.set("spark.sql.shuffle.partitions", Integer.toString(partitions));
    conf.set("spark.sql.adaptive.enabled", "false");
    try {
      test.run();
    } finally {
      conf.set("spark.sql.shuffle.partitions", before);
      conf.set("spark.sql.adaptive.enabled", "true");
    }
  }

  @Test
  void aSliceIsBoundedByItsBytes() {
    NeighbourSettings settings = settings().topK(5).blockRows(100).build();
    StructType key = new StructType().add("id", DataTypes.IntegerType);
    List<SortedBlock> ends = new ArrayList<>();
    for (int rows : new int[] {0, 700, 1, 300, 0}) {
      new SortedBlocks(settings, new RowKeys(key))
          .call(packed(key, LARGE.subList(0, rows)))
          .forEachRemaining(block -> ends.add(block));
    }
    ends.removeIf(block -> !block.isEnd());
    // 24 floats, and five times a hit and a key of 16 bytes.
    int ofRow = 24 * 4 + 5 * (64 + 16);
    for (int most : new int[] {1, 10, 33, 700}) {
      SliceLayout layout = NearestNeighbours.layout(ends, 4, 5, (long) most * ofRow);
      List<Slice> slices = IntStream.range(0, layout.tasks()).mapToObj(layout::slice).toList();
      assertThat(slices).hasSizeGreaterThanOrEqualTo(4).allMatch(slice -> slice.rows() <= most);
      assertThat(slices.stream().mapToInt(Slice::rows).sum()).isEqualTo(1_001);
      for (int task = 0; task < layout.tasks(); task++) {
        Slice read = layout.read(task);
        assertThat(read.from()).isIn(0, 700, 701).isLessThanOrEqualTo(layout.slice(task).from());
        assertThat(read.to()).isIn(700, 701, 1_001).isGreaterThanOrEqualTo(layout.slice(task).to());
      }
    }
  }

  private static Iterator<PackedRow> packed(StructType key, List<float[]> vectors) {
    UnsafeProjection keys = UnsafeProjection.create(key);
    return IntStream.range(0, vectors.size())
        .mapToObj(
            i ->
                new PackedRow(
                    keys.apply(new GenericInternalRow(new Object[] {i})).copy().getBytes(),
                    vectors.get(i)))
        .iterator();
  }

  /** The first fault in the order of ids is told, wherever the rows are sorted to. */
  @ParameterizedTest
  @CsvSource({"1", "2", "5"})
  void faultsAreFoundAcrossPartitions(int sorted) {
    withSortedPartitions(
        sorted,
        () -> {
          List<Row> rows = new ArrayList<>();
          IntStream.range(0, 40).forEach(i -> rows.add(row(i, i < 20 ? null : new float[] {1, 2})));
          rows.set(33, row(33, 1, 2, 3));
          rows.set(37, row(37, 1));
          rows.add(row(39, 1, 2));
          assertRefused(
              rows,
              "Cannot find partners: embeddings must have the same dimension, found 2 and 3, at id 33");
          assertRefused(
              rows.subList(38, 41), "Cannot find partners: ids must be unique, found 39 twice");
        });
  }

  @Test
  void whatAnExecutorLosesIsReadAgain() {
    Dataset<Row> found =
        NearestNeighbours.find(
            table(shuffled(LARGE.subList(0, 200), 1), DataTypes.IntegerType, 3), DEFAULTS);
    CollectionConverters.asJava(TestSpark.session().sparkContext().getPersistentRDDs())
        .forEach((id, kept) -> kept.unpersist(true));
    assertThat(shown(found))
        .isEqualTo(expected(BruteForce.neighbours(LARGE.subList(0, 200), DEFAULTS)));
  }

  @Test
  void rowsAreCountedWithAnEmbeddingOrWithout() {
    List<Row> rows =
        List.of(
            RowFactory.create(1, null),
            RowFactory.create(2, new Float[] {1f, 2f}),
            RowFactory.create(3, new Float[] {0f, 0f}));
    List<Long> read = new ArrayList<>();
    NearestNeighbours.find(
        table(rows, DataTypes.IntegerType, 2), DEFAULTS, NearestNeighbours.SLICE_BYTES, read::add);
    assertThat(read).containsExactly(3L);
  }

  /** Two ids that are no UTF-8 stay two, and no value passes through a Java object. */
  @Test
  void idsAndCarriedColumnsKeepTheirBytes() {
    Dataset<Row> rows =
        TestSpark.session()
            .sql(
                """
                SELECT CAST(key AS STRING) AS id, array(x, 1F) AS embedding, key AS bytes,
                  DATE'1582-10-10' AS day, map('a', CAST(key AS STRING)) AS named,
                  CAST(NULL AS DECIMAL(38, 2)) AS nothing
                FROM VALUES (X'6BFC', 1F), (X'6BF6', 2F), (X'6BE4', 3F) AS t(key, x)
                """);
    NeighbourSettings settings =
        settings().topK(1).carriedColumns("bytes", "day", "named", "nothing").build();
    Dataset<Row> found =
        NearestNeighbours.find(rows, settings)
            .where("partner_nothing IS NULL AND unix_date(partner_day) = -141432")
            .selectExpr(
                "concat_ws(' ', hex(CAST(id AS BINARY)), hex(CAST(partner_id AS BINARY)), hex(bytes),"
                    + " hex(partner_bytes), hex(CAST(partner_named['a'] AS BINARY)))");
    assertThat(found.collectAsList().stream().map(row -> row.getString(0)))
        .containsExactly(
            "6BE4 6BF6 6BE4 6BF6 6BF6", "6BF6 6BE4 6BF6 6BE4 6BE4", "6BFC 6BF6 6BFC 6BF6 6BF6");
  }

  @Test
  void aNullElementMakesAnEmbeddingUseless() {
    List<Row> rows =
        List.of(
            RowFactory.create(1, new Float[] {1f, null}),
            RowFactory.create(2, new Float[] {1f, 2f}),
            RowFactory.create(3, new Float[] {2f, 1f}));
    assertThat(shown(NearestNeighbours.find(table(rows, DataTypes.IntegerType, 1), DEFAULTS)))
        .containsExactly("2 3 1 0.8", "3 2 1 0.8");
  }

  @Test
  void hugeAndTinyElementsKeepTheirOrder() {
    List<float[]> vectors = new ArrayList<>();
    for (float[] vector : LARGE.subList(0, 40)) {
      float factor = vectors.size() % 2 == 0 ? 0x1p120f : 0x1p-140f;
      float[] scaled = new float[vector.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = vector[i] * factor;
      }
      vectors.add(scaled);
    }
    NeighbourSettings dot = settings().similarity(Similarity.DOT).topK(5).blockRows(16).build();
    assertThat(found(vectors, dot, 2)).isEqualTo(expected(BruteForce.neighbours(vectors, dot)));
    NeighbourSettings cosine = settings().topK(5).build();
    assertThat(found(vectors, cosine, 2))
        .isEqualTo(expected(BruteForce.neighbours(vectors, cosine)));
  }

  @Test
  void idsOfAnyTypeAndCarriedColumnsAreShownOfBothRows() {
    StructType schema =
        new StructType()
            .add("the.id", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("e", DataTypes.createArrayType(DataTypes.FloatType))
            .add("tags", DataTypes.createArrayType(DataTypes.StringType));
    List<Row> rows =
        List.of(
            RowFactory.create("b", "Zwei", new float[] {1, 1}, new String[] {"x", null}),
            RowFactory.create("a", null, new float[] {1, 0}, null));
    Dataset<Row> pairs =
        NearestNeighbours.find(
            TestSpark.session().createDataFrame(rows, schema),
            settings().columns("the.id", "e").carriedColumns("text", "tags").build());
    assertThat(pairs.schema().simpleString())
        .isEqualTo(
            "struct<the.id:string,partner_the.id:string,rank:int,cosine_similarity:float,"
                + "text:string,partner_text:string,tags:array<string>,partner_tags:array<string>>");
    assertThat(pairs.collectAsList().stream().map(row -> row.mkString("|")))
        .containsExactly(
            "a|b|1|0.70710677|null|Zwei|null|ArraySeq(x, null)",
            "b|a|1|0.70710677|Zwei|null|ArraySeq(x, null)|null");
  }

  @Test
  void longIdsAreOrderedAsNumbers() {
    List<Row> rows =
        Stream.of(10L, -9L, 9L).map(id -> RowFactory.create(id, new float[] {1, 2})).toList();
    assertThat(
            shown(
                NearestNeighbours.find(
                    table(rows, DataTypes.LongType, 2), settings().topK(1).build())))
        .containsExactly("-9 9 1 1.0", "9 -9 1 1.0", "10 -9 1 1.0");
  }

  @Test
  void idsThatAreNotUniqueAreRefused() {
    assertRefused(
        List.of(row(4, 1, 2), row(3, 1, 2), row(4, 2, 1)),
        "Cannot find partners: ids must be unique, found 4 twice");
    assertRefused(
        List.of(row(4, 1, 2), RowFactory.create(null, null)),
        "Cannot find partners: every row must have an id, found null");
  }

  @Test
  void embeddingsOfDifferentDimensionsAreRefused() {
    assertRefused(
        List.of(row(1, 1, 2), row(2, 3, 4), row(3, 1, 2, 3)),
        "Cannot find partners: embeddings must have the same dimension, found 2 and 3, at id 3");
  }

  private static SettingsBuilder settings() {
    return new SettingsBuilder();
  }

  private static void assertRefused(List<Row> rows, String message) {
    Dataset<Row> table = table(rows, DataTypes.IntegerType, 2);
    List<Long> counted = new ArrayList<>();
    assertThatThrownBy(
            () ->
                NearestNeighbours.find(
                    table, DEFAULTS, NearestNeighbours.SLICE_BYTES, counted::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(counted).as("a count of rows that were not all read").isEmpty();
  }

  private static Row row(int id, float... vector) {
    return RowFactory.create(id, vector);
  }

  /** Groups of near ties, copies and scaled copies among random vectors. */
  private static List<float[]> vectors(int rows, int dimension, long seed) {
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] old = row == 0 ? null : vectors.get(random.nextInt(row));
      vectors.add(
          switch (row == 0 ? 9 : random.nextInt(10)) {
            case 0, 1 -> old.clone();
            case 2 -> vector(dimension, i -> 3 * old[i]);
            case 3, 4 -> vector(dimension, i -> Math.nextUp(old[i]));
            case 5 -> vector(dimension, i -> old[i] + (i == 0 ? 1e-6f : 0));
            default -> vector(dimension, i -> (float) random.nextGaussian());
          });
    }
    return vectors;
  }

  private static float[] vector(int dimension, IntFunction<Float> element) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = element.apply(i);
    }
    return vector;
  }

  /** The pairs of vectors whose ids are their indices, read in another order. */
  private static List<String> found(
      List<float[]> vectors, NeighbourSettings settings, int partitions) {
    Dataset<Row> table = table(shuffled(vectors, partitions), DataTypes.IntegerType, partitions);
    return shown(NearestNeighbours.find(table, settings));
  }

  private static List<Row> shuffled(List<float[]> vectors, int seed) {
    List<Row> rows =
        new ArrayList<>(
            IntStream.range(0, vectors.size())
                .mapToObj(i -> RowFactory.create(i, vectors.get(i)))
                .toList());
    Collections.shuffle(rows, new Random(seed));
    return rows;
  }

  private static Dataset<Row> table(List<Row> rows, DataType id, int partitions) {
    StructType schema =
        new StructType()
            .add("id", id)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    return TestSpark.session().createDataFrame(context.parallelize(rows, partitions), schema);
  }

  private static List<String> shown(Dataset<Row> pairs) {
    return pairs.collectAsList().stream().map(row -> row.mkString(" ")).toList();
  }

  private static List<String> expected(List<BruteForce.Pair> pairs) {
    return pairs.stream()
        .map(
            pair ->
                "%d %d %d %s"
                    .formatted(pair.id(), pair.neighbour(), pair.rank(), (float) pair.score()))
        .toList();
  }
}
