package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.Similarity;

/** The rows nearest to questions are those that all scores, in double precision, give. */
class ExactSearchTest {
  private static final int DIMENSION = 24;
  private static final List<float[]> CORPUS = vectors(1_500, 1);
  private static final List<float[]> QUESTIONS = questions();

  private Similarity similarity = Similarity.COSINE;
  private int topK = 7;
  private Double minScore;
  private int blockRows = 2_048;

  /** A question and a row, with their exact score. */
  private record Scored(int question, int row, double score) {}

  @ParameterizedTest
  @CsvSource({
    "COSINE, 7, 2048, 1",
    "COSINE, 7, 100, 5",
    "COSINE, 1, 1, 2",
    "DOT, 20, 999, 12",
    "DOT, 3000, 64, 3"
  })
  void theResultIsThatOfBruteForce(Similarity by, int k, int block, int partitions) {
    similarity = by;
    topK = k;
    blockRows = block;
    int rows = block == 1 ? 60 : CORPUS.size();
    List<float[]> corpus = CORPUS.subList(0, rows);
    assertThat(found(corpus, QUESTIONS, partitions))
        .isEqualTo(expected(corpus, QUESTIONS, row -> true));
  }

  /**
   * A large element that vectors have in common, or one that each has elsewhere, which leaves codes
   * so little room that blocks after the first are multiplied in floats.
   */
  @ParameterizedTest
  @CsvSource({"COSINE, false", "COSINE, true", "DOT, false", "DOT, true"})
  void largeElementsChangeNothing(Similarity by, boolean elsewhere) {
    similarity = by;
    blockRows = 100;
    List<float[]> corpus = withLargeElements(CORPUS, elsewhere);
    List<float[]> questions = withLargeElements(QUESTIONS, elsewhere);
    assertThat(found(corpus, questions, 2)).isEqualTo(expected(corpus, questions, row -> true));
  }

  /** More products than are held at once. */
  @Test
  void largeBlocksAreComparedInParts() {
    List<float[]> corpus = vectors(4_200, 3);
    List<float[]> questions = vectors(4_100, 4);
    topK = 2;
    blockRows = 512;
    List<String> expected = found(corpus, questions, 2);
    blockRows = 16_384;
    assertThat(found(corpus, questions, 1)).hasSize(2 * 4_100).isEqualTo(expected);
  }

  private static List<float[]> withLargeElements(List<float[]> vectors, boolean elsewhere) {
    return IntStream.range(0, vectors.size())
        .mapToObj(
            i -> {
              float[] vector = vectors.get(i).clone();
              vector[elsewhere ? i * 7 % DIMENSION : 3] += 500;
              return vector;
            })
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"COSINE, 0.35", "COSINE, 1", "DOT, 12"})
  void rowsBelowTheLeastScoreAreLeftOut(Similarity by, double least) {
    similarity = by;
    minScore = least;
    topK = 100;
    List<String> expected = expected(CORPUS, QUESTIONS, row -> true);
    assertThat(expected).hasSizeBetween(5, 140 * 100 - 1);
    assertThat(found(CORPUS, QUESTIONS, 3)).isEqualTo(expected);
  }

  @Test
  void aConditionSelectsRowsBeforeTheSearch() {
    Dataset<Row> corpus = table(numbered(CORPUS), DataTypes.IntegerType, 4).where("id % 3 = 1");
    assertThat(shown(search(corpus, QUESTIONS)))
        .isEqualTo(expected(CORPUS, QUESTIONS, row -> row % 3 == 1));
    assertThat(shown(search(corpus.where("id < 0"), QUESTIONS))).isEmpty();
  }

  @Test
  void moreThanThereAreCannotBeFound() {
    topK = Integer.MAX_VALUE;
    List<float[]> three = CORPUS.subList(0, 3);
    assertThat(found(three, QUESTIONS.subList(0, 2), 2))
        .isEqualTo(expected(three, QUESTIONS.subList(0, 2), row -> true))
        .hasSize(6);
    assertThat(found(List.of(), QUESTIONS, 1)).isEmpty();
    assertThat(found(three, List.of(), 1)).isEmpty();
  }

  @Test
  void equalRowsStandInTheOrderOfTheirIds() {
    topK = 3;
    List<float[]> equal = Collections.nCopies(90, new float[] {0.1f, 0.7f, -0.3f});
    assertThat(found(equal, List.of(new float[] {1, 2, 3}, new float[] {0.1f, 0.7f, -0.3f}), 7))
        .extracting(line -> line.replaceFirst(" [^ ]*$", ""))
        .containsExactly("0 1 0", "0 2 1", "0 3 2", "1 1 0", "1 2 1", "1 3 2");
  }

  @Test
  void rowsAndQuestionsWithoutAUsableEmbeddingAreLeftOut() {
    List<float[]> vectors =
        Arrays.asList(
            null,
            new float[] {1, 0},
            new float[] {0, 0},
            new float[] {Float.NaN, 1},
            new float[] {1, Float.NEGATIVE_INFINITY},
            new float[] {},
            new float[] {3, 4});
    List<float[]> corpus =
        vectors.stream().map(v -> v != null && v.length == 0 ? null : v).toList();
    assertThat(found(corpus, corpus, 2))
        .containsExactly("1 1 1 1.0", "1 2 6 0.6", "6 1 6 1.0", "6 2 1 0.6");
    similarity = Similarity.DOT;
    assertThat(found(corpus, corpus.subList(2, 3), 2))
        .containsExactly("0 1 1 0.0", "0 2 2 0.0", "0 3 6 0.0");
    Questions questions = asked(table(numbered(corpus), DataTypes.IntegerType, 2), "id");
    assertThat(questions.leftOut().stream().map(questions::shownId))
        .containsExactly("0", "3", "4", "5");
  }

  @Test
  void aNullElementMakesAnEmbeddingUseless() {
    List<Row> rows =
        List.of(
            RowFactory.create(1, new Float[] {1f, null}),
            RowFactory.create(2, new Float[] {1f, 2f}));
    Dataset<Row> corpus = table(rows, DataTypes.IntegerType, 1);
    assertThat(shown(search(corpus, List.of(new float[] {1, 2})))).containsExactly("0 1 2 1.0");
  }

  @Test
  void everyRowIsCountedOnce() {
    RowsRead read = RowsRead.registered(TestSpark.session());
    List<float[]> vectors = new ArrayList<>(CORPUS.subList(0, 100));
    vectors.set(7, null);
    Dataset<Row> found =
        new ExactSearch(questions(QUESTIONS), settings())
            .find(table(numbered(vectors), DataTypes.IntegerType, 40), read);
    found.collectAsList();
    found.collectAsList();
    assertThat(read.total()).isEqualTo(100);
  }

  @Test
  void idsOfAnyTypeKeepTheirValuesAndOrder() {
    Dataset<Row> rows =
        TestSpark.session()
            .sql(
                """
                SELECT array(1F, 2F) AS embedding, CAST(key AS STRING) AS name, key AS bytes,
                  CAST(number AS LONG) AS number, CAST(number AS DECIMAL(20, 2)) AS price,
                  date_add(DATE'2020-01-01', number) AS day, struct(number, key) AS pair,
                  map('a', number) AS named
                FROM VALUES (X'6BFC', 10), (X'6BF6', -9), (X'6BE4', 9) AS t(key, number)
                """);
    Dataset<Row> questions = TestSpark.session().sql("SELECT 'q' AS id, array(1F, 2F) AS e");
    for (String id : List.of("number", "price", "day", "pair")) {
      assertThat(ordered(rows, questions, id, "number")).as(id).containsExactly("-9", "9", "10");
    }
    for (String id : List.of("bytes", "name")) {
      assertThat(ordered(rows, questions, id, "bytes"))
          .as(id)
          .containsExactly("6BE4", "6BF6", "6BFC");
    }
    assertThatThrownBy(() -> ordered(rows, questions, "named", "number"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot search by column 'named': ids must have an order, found map<string,int>");
  }

  /** Values of a column, which is carried along unless it is the id, in the order of ranks. */
  private List<String> ordered(Dataset<Row> rows, Dataset<Row> questions, String id, String shown) {
    List<String> carried = id.equals(shown) ? List.of("named") : List.of("named", shown);
    ExactSearchSettings by =
        new ExactSearchSettings(
            id, "embedding", similarity, topK, null, 2, carried, DeviceSettings.cpu(1));
    String column = shown.equals("bytes") ? "hex(bytes)" : "CAST(" + shown + " AS STRING)";
    return new ExactSearch(asked(questions, "id"), by)
            .find(rows.repartition(3), RowsRead.registered(TestSpark.session()))
            .select("hit.*")
            .where("query_id = 'q'")
            .orderBy("rank")
            .selectExpr(column)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
  }

  @Test
  void rowsOfOneIdAreAllFoundInAnOrderOfTheirOwn() {
    List<Row> rows =
        IntStream.range(0, 30)
            .mapToObj(i -> RowFactory.create(1, new float[] {1, 2}, "text " + (i * 7 % 30)))
            .toList();
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType))
            .add("text", DataTypes.StringType);
    Dataset<Row> table = TestSpark.session().createDataFrame(rows, schema);
    ExactSearchSettings settings =
        new ExactSearchSettings(
            "id", "embedding", similarity, 4, null, 8, List.of("text"), DeviceSettings.cpu(1));
    ExactSearch search = new ExactSearch(questions(List.of(new float[] {2, 1})), settings);
    List<List<String>> texts = new ArrayList<>();
    for (int partitions : new int[] {1, 3, 8}) {
      texts.add(
          search
              .find(table.repartition(partitions), RowsRead.registered(TestSpark.session()))
              .collectAsList()
              .stream()
              .map(row -> row.getStruct(1).<String>getAs("text"))
              .toList());
    }
    assertThat(texts.get(0)).hasSize(4).doesNotHaveDuplicates();
    assertThat(texts).containsOnly(texts.get(0));
  }

  @Test
  void columnsAreThoseOfTheResult() {
    Dataset<Row> found = search(table(numbered(CORPUS), DataTypes.IntegerType, 1), QUESTIONS);
    assertThat(found.select("hit.*").schema().toDDL())
        .isEqualTo("query_id INT,rank INT NOT NULL,id INT,score DOUBLE");
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    assertFails(
        List.of(RowFactory.create(1, new float[] {1, 2, 3})),
        "Cannot search: embeddings of the corpus must have the dimension of the questions, 2,"
            + " found 3 at id 1");
    assertFails(
        List.of(RowFactory.create(null, new float[] {1, 2})),
        "Cannot search: every row of the corpus must have an id, found null");
  }

  private void assertFails(List<Row> rows, String message) {
    Dataset<Row> corpus = table(rows, DataTypes.IntegerType, 1);
    assertThatThrownBy(() -> search(corpus, List.of(new float[] {1, 2})).collectAsList())
        .satisfies(
            error ->
                assertThat(ExceptionUtils.getThrowableList(error))
                    .anyMatch(each -> message.equals(each.getMessage())));
  }

  @Test
  void questionsAreReadWithIdsThatTellThemApart() {
    Dataset<Row> twice =
        table(
            List.of(
                RowFactory.create(4, new float[] {1, 2}), RowFactory.create(4, new float[] {2, 1})),
            DataTypes.IntegerType,
            2);
    assertThatThrownBy(() -> asked(twice, "id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read questions: ids must be unique, found 4 twice");
    Dataset<Row> different =
        table(
            List.of(
                RowFactory.create(1, new float[] {1, 2}), RowFactory.create(2, new float[] {1})),
            DataTypes.IntegerType,
            2);
    assertThatThrownBy(() -> asked(different, "id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read questions: embeddings must have the same dimension, found 2 and 1, at id 2");
  }

  private ExactSearchSettings settings() {
    return new ExactSearchSettings(
        "id", "embedding", similarity, topK, minScore, blockRows, List.of(), DeviceSettings.cpu(1));
  }

  private Questions asked(Dataset<Row> rows, String id) {
    return Questions.read(
        rows.withColumnRenamed(id, "query_id"), similarity, Math.min(blockRows, 16));
  }

  private Questions questions(List<float[]> vectors) {
    return asked(table(numbered(vectors), DataTypes.IntegerType, 2), "id");
  }

  private Dataset<Row> search(Dataset<Row> corpus, List<float[]> questions) {
    return new ExactSearch(questions(questions), settings())
        .find(corpus, RowsRead.registered(TestSpark.session()));
  }

  private List<String> found(List<float[]> corpus, List<float[]> questions, int partitions) {
    List<Row> rows = new ArrayList<>(numbered(corpus));
    Collections.shuffle(rows, new Random(partitions));
    return shown(search(table(rows, DataTypes.IntegerType, partitions), questions));
  }

  private static List<String> shown(Dataset<Row> found) {
    return found.select("hit.*").select("query_id", "rank", "id", "score").collectAsList().stream()
        .map(row -> row.mkString(" "))
        .toList();
  }

  private List<String> expected(
      List<float[]> corpus, List<float[]> questions, IntPredicate selected) {
    List<String> lines = new ArrayList<>();
    for (int question = 0; question < questions.size(); question++) {
      int asked = question;
      List<Scored> best =
          IntStream.range(0, corpus.size())
              .filter(selected)
              .mapToObj(row -> new Scored(asked, row, score(questions.get(asked), corpus.get(row))))
              .filter(scored -> minScore == null || scored.score() >= minScore)
              .sorted(
                  Comparator.comparingDouble(Scored::score)
                      .reversed()
                      .thenComparingInt(Scored::row))
              .limit(topK)
              .toList();
      for (int i = 0; i < best.size(); i++) {
        Scored scored = best.get(i);
        lines.add("%d %d %d %s".formatted(asked, i + 1, scored.row(), scored.score()));
      }
    }
    return lines;
  }

  private double score(float[] a, float[] b) {
    double dot = dot(a, b);
    return similarity == Similarity.DOT ? dot : dot / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** Near ties, copies and scaled copies among random vectors. */
  private static List<float[]> vectors(int rows, long seed) {
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] vector = new float[DIMENSION];
      float[] old = row == 0 ? vector : vectors.get(random.nextInt(row));
      int kind = row == 0 ? 9 : random.nextInt(10);
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] =
            kind < 2
                ? old[i]
                : kind < 4
                    ? Math.nextUp(old[i])
                    : kind == 4 ? 3 * old[i] : (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  /** Some are rows of the corpus. */
  /** So many that they are multiplied in bytes. */
  private static List<float[]> questions() {
    List<float[]> questions = new ArrayList<>(vectors(130, 2));
    questions.addAll(CORPUS.subList(100, 110));
    return questions;
  }

  private static List<Row> numbered(List<float[]> vectors) {
    return IntStream.range(0, vectors.size())
        .mapToObj(i -> RowFactory.create(i, vectors.get(i)))
        .toList();
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
}
