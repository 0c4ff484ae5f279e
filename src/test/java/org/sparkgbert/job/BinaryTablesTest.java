package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Tables whose vectors have a bit per element, from job to job. */
class BinaryTablesTest {
  @TempDir private static Path shared;
  private static Path floats;
  private static Path bits;

  @TempDir private Path folder;

  @BeforeAll
  static void embedTwice() throws IOException {
    floats = FormTables.embedded(shared, "floats", 0);
    bits = FormTables.embedded(shared, "bits", 0, "--output-precision=binary");
  }

  private FormTables tables() {
    return new FormTables(bits, floats, folder);
  }

  private JobRun run(String command) {
    return tables().run(command);
  }

  private JobRun succeeded(String command) {
    return tables().succeeded(command);
  }

  private static EmbeddingProvenance made(Path table) {
    return EmbeddingProvenance.of(FormTables.read(table).schema().apply("embedding")).orElseThrow();
  }

  /** By id; rows without a vector are left out. */
  private static Map<Long, float[]> vectors(Path table) {
    Map<Long, float[]> vectors = new HashMap<>();
    for (Row row :
        FormTables.read(table)
            .where("embedding IS NOT NULL")
            .select("id", "embedding")
            .collectAsList()) {
      List<Float> list = row.getList(1);
      float[] vector = new float[list.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = list.get(i);
      }
      vectors.put(((Number) row.get(0)).longValue(), vector);
    }
    return vectors;
  }

  @Test
  void aBitIsSetWhereTheElementIsAboveTheMeanOfTheCorpus() throws IOException {
    assertThat(FormTables.read(bits).columns()).isEqualTo(FormTables.read(floats).columns());
    assertThat(FormTables.read(bits).schema().apply("embedding").dataType().simpleString())
        .isEqualTo("binary");
    EmbeddingProvenance made = made(bits);
    assertThat(made.outputPrecision()).isEqualTo("binary");
    assertThat(made.fingerprint()).isEqualTo(made(floats).fingerprint());
    assertThat(Files.readString(bits.resolve("_embedding_run.json")))
        .contains("\"output_precision\" : \"binary\"", "\"mean\" : [");
    Map<Long, float[]> vectors = vectors(floats);
    for (int i = 0; i < made.dimension(); i++) {
      int dimension = i;
      double mean =
          vectors.values().stream()
              .mapToDouble(vector -> vector[dimension])
              .average()
              .orElseThrow();
      assertThat(made.mean().get(i)).isCloseTo(mean, within(1e-5));
    }
    for (Row row : FormTables.read(bits).select("id", "embedding").collectAsList()) {
      float[] vector = vectors.get(((Number) row.get(0)).longValue());
      byte[] stored = row.getAs("embedding");
      assertThat(stored == null).isEqualTo(vector == null);
      for (int i = 0; vector != null && i < vector.length; i++) {
        if (Math.abs(vector[i] - made.mean().get(i)) > 1e-5) {
          boolean isSet = (stored[i / 8] >> (7 - i % 8) & 1) == 1;
          assertThat(isSet).isEqualTo(vector[i] > made.mean().get(i));
        }
      }
    }
  }

  @Test
  void aCheckReadsThemAndFindsWhatIsWrong() throws IOException {
    assertThat(succeeded("check %s").out())
        .last()
        .asString()
        .contains("is valid: %d rows in ".formatted(FormTables.ROWS), "encoded again");
    Path turned = folder.resolve("turned");
    rewrite(turned, functions.expr("translate(base64(embedding), 'ABCDEFGH', 'HGFEDCBA')"));
    assertThat(findings(turned)).anyMatch(line -> line.contains("encoded again, it differs by"));
    Path cut = folder.resolve("cut");
    rewrite(cut, functions.expr("base64(substring(embedding, 1, 3))"));
    assertThat(findings(cut))
        .anyMatch(line -> line.contains("whose embedding does not have 4 bytes"));
  }

  /** A whole table with other bits. */
  private static void rewrite(Path table, Column base64) throws IOException {
    Dataset<Row> rows = FormTables.read(bits).withColumn("embedding", functions.unbase64(base64));
    new TableOnDisk(bits).rewritten(table, rows);
  }

  private List<String> findings(Path table) {
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.code()).isEqualTo(1);
    return Stream.concat(run.out().stream(), run.err().stream()).toList();
  }

  /** Cosine of vectors without the mean of bits, or of their signs. */
  private static double cosine(float[] left, boolean leftBits, float[] right, boolean rightBits) {
    List<Double> mean = made(bits).mean();
    double product = 0;
    double lefts = 0;
    double rights = 0;
    for (int i = 0; i < left.length; i++) {
      double a = left[i] - mean.get(i);
      double b = right[i] - mean.get(i);
      a = leftBits ? Math.signum(a) : a;
      b = rightBits ? Math.signum(b) : b;
      product += a * b;
      lefts += a * a;
      rights += b * b;
    }
    return product / Math.sqrt(lefts * rights);
  }

  @Test
  void aSearchComparesQuestionsWithoutTheMeanWithTheSignsOfTheCorpus() {
    String search = "search --input=%%1$s --top-k=3 --output=%%3$s/%s %s";
    succeeded(
        search.formatted(
            "texts",
            "--queries=%2$s/../in --query-column=text --model=%4$s --device=cpu --keep-columns=text"));
    succeeded(search.formatted("floats", "--queries=%2$s"));
    succeeded(search.formatted("bits", "--queries=%1$s"));
    Map<Long, float[]> vectors = vectors(floats);
    for (String answers : List.of("texts", "floats", "bits")) {
      List<Row> found = FormTables.read(folder.resolve(answers)).collectAsList();
      assertThat(found).hasSize(3 * (FormTables.ROWS - 1));
      for (Row row : found) {
        float[] question = vectors.get(((Number) row.getAs("query_id")).longValue());
        float[] answer = vectors.get(((Number) row.getAs("id")).longValue());
        assertThat(row.<Double>getAs("score"))
            .as(answers)
            .isCloseTo(cosine(question, answers.equals("bits"), answer, true), within(1e-4));
      }
    }
  }

  @Test
  void pairsAreScoredBySignsOrBySignsAndFloatsWithoutTheMean() {
    TestSpark.session()
        .sql("SELECT 1L AS id1, 2L AS id2 UNION ALL SELECT 3L, 9L")
        .write()
        .parquet(folder.resolve("links").toString());
    String score = "sts --input=%%3$s/links --embeddings=%s --embeddings2=%s --output=%%3$s/%s";
    succeeded(score.formatted("%1$s", "%1$s", "both"));
    succeeded(score.formatted("%1$s", "%2$s", "first"));
    succeeded(score.formatted("%2$s", "%1$s", "second"));
    Map<Long, float[]> vectors = vectors(floats);
    for (String scored : List.of("both", "first", "second")) {
      assertThat(run("check %%3$s/%s".formatted(scored)).code()).as(scored).isZero();
      for (Row row : FormTables.read(folder.resolve(scored)).collectAsList()) {
        double expected =
            cosine(
                vectors.get(row.<Long>getAs("id1")),
                !scored.equals("second"),
                vectors.get(row.<Long>getAs("id2")),
                !scored.equals("first"));
        assertThat(row.<Float>getAs("cosine_similarity"))
            .as(scored)
            .isCloseTo((float) expected, within(1e-4f));
      }
    }
  }

  @Test
  void partnersAndClustersAreThoseOfSigns() {
    succeeded("sts --all-pairs --id-column=id --input=%1$s --top-k=2 --output=%3$s/partners");
    Map<Long, float[]> vectors = vectors(floats);
    for (Row row : FormTables.read(folder.resolve("partners")).collectAsList()) {
      float[] left = vectors.get(((Number) row.getAs("id")).longValue());
      float[] right = vectors.get(((Number) row.getAs("partner_id")).longValue());
      assertThat(row.<Float>getAs("cosine_similarity"))
          .isCloseTo((float) cosine(left, true, right, true), within(1e-5f));
    }
    succeeded("cluster --input=%1$s --k=2 --output=%3$s/clusters");
    succeeded("cluster --input=%1$s --assign=%3$s/clusters --output=%3$s/assigned");
    assertThat(run("cluster --input=%2$s --assign=%3$s/clusters --output=%3$s/none").err())
        .last()
        .asString()
        .contains("holds binary about a mean", "holds float32");
  }

  @Test
  void bitsThatAreKeptStayAsTheyAre() {
    String kept = " --keep-columns=embedding --top-k=2 --input=%1$s --output=%3$s/";
    succeeded("search --queries=%1$s" + kept + "found");
    succeeded("sts --all-pairs" + kept + "partners");
    succeeded("cluster --k=2 --keep-columns=id,embedding --input=%1$s --output=%3$s/clusters");
    Dataset<Row> stored = FormTables.read(bits).selectExpr("id", "hash(embedding) AS h");
    for (String table : List.of("found", "partners", "clusters/assignments")) {
      Dataset<Row> rows = FormTables.read(folder.resolve(table));
      assertThat(rows.schema().apply("embedding").dataType().simpleString())
          .as(table)
          .isEqualTo("binary");
      assertThat(rows.count())
          .isEqualTo(table.startsWith("clusters") ? FormTables.ROWS : 2L * (FormTables.ROWS - 1));
      assertThat(
              rows.selectExpr("id", "hash(embedding) AS h")
                  .join(stored, List.of("id", "h").toArray(String[]::new), "left_anti")
                  .count())
          .isZero();
      assertThat(String.join(" ", rows.columns())).doesNotContain("spark_gbert");
      assertThat(made(folder.resolve(table)).mean()).as(table).isEqualTo(made(bits).mean());
    }
    StructField ofPartner =
        FormTables.read(folder.resolve("partners")).schema().apply("partner_embedding");
    assertThat(EmbeddingProvenance.of(ofPartner)).contains(made(bits));
    succeeded("check %3$s/partners");
    succeeded("cluster --k=2 --input=%1$s --output=%3$s/without");
    assertThat(clusters("clusters")).isEqualTo(clusters("without"));
  }

  private Map<Long, Object> clusters(String run) {
    Map<Long, Object> clusters = new HashMap<>();
    for (Row row : FormTables.read(folder.resolve(run + "/assignments")).collectAsList()) {
      clusters.put(((Number) row.getAs("id")).longValue(), row.getAs("cluster"));
    }
    return clusters;
  }

  @Test
  void clustersOfBitsAreThoseOfDirectionsWhateverTheirLengths() {
    FormTables.read(bits)
        .selectExpr(
            "id",
            "text",
            "IF(embedding IS NULL, NULL, transform(split(substring(concat_ws('', transform(split(hex(embedding), '(?!$)'), d -> lpad(conv(d, 16, 2), 4, '0'))), 1, "
                + made(bits).dimension()
                + "), '(?!$)'), b -> CAST(IF(b = '1', 1, -1) * (id + 1) AS FLOAT))) AS embedding")
        .write()
        .parquet(folder.resolve("longer").toString());
    String cluster = "cluster --k=2 --pca=4 --input=%%%s --output=%%3$s/%s";
    succeeded(cluster.formatted("1$s", "of_bits"));
    succeeded(cluster.formatted("3$s/longer", "of_longer"));
    assertThat(clusters("of_bits")).isEqualTo(clusters("of_longer"));
  }

  @Test
  void aDistanceThatNeedsLengthsIsRefusedForClustersOfBits() {
    String message =
        "spark-gbert: Cannot cluster: binary embeddings have directions and no length, so they are compared by --distance cosine alone, found euclidean";
    assertThat(run("cluster --k=2 --distance=euclidean --input=%1$s --output=%3$s/x").err())
        .last()
        .asString()
        .isEqualTo(message);
    succeeded("cluster --k=2 --distance=euclidean --input=%2$s --output=%3$s/euclidean");
    assertThat(run("cluster --assign=%3$s/euclidean --input=%1$s --output=%3$s/x").err())
        .last()
        .asString()
        .isEqualTo(message);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "search --input=%1$s --queries=%1$s --output=%3$s/x, search",
    "sts --all-pairs --id-column=id --input=%1$s --output=%3$s/x, find partners",
    "sts --input=%1$s --id1-column=id --id2-column=id --embeddings=%1$s --output=%3$s/x, compare embeddings",
  })
  void lengthsAreRefusedSinceBitsHaveNone(String command, String what) {
    assertThat(run(command + " --similarity=dot").err())
        .last()
        .asString()
        .isEqualTo(
            "spark-gbert: Cannot %s: binary embeddings have directions and no length, so they are compared by --similarity cosine alone, found dot"
                .formatted(what));
  }

  @Test
  void bitsAboutDifferentMeansAndMixturesAreRefused() throws IOException {
    Path other = FormTables.embedded(shared, "other", 100, "--output-precision=binary");
    assertThat(made(other).mean()).isNotEqualTo(made(bits).mean());
    assertThat(run("search --input=%1$s --output=%3$s/x --queries=" + other).err())
        .last()
        .asString()
        .startsWith("spark-gbert: Cannot search: the bits of ")
        .endsWith(" are about different means; give tables of one run, or questions as float32");
    String pairs =
        "sts --input=%1$s --id1-column=id --id2-column=id --embeddings=%1$s --output=%3$s/x"
            + " --embeddings2=";
    for (String mixed : List.of("", " --allow-mixed-models")) {
      assertThat(run(pairs + other + mixed).err())
          .last()
          .asString()
          .startsWith("spark-gbert: Cannot compare embeddings: the bits of ")
          .endsWith(
              " are about different means; give tables of one run, or one of them as float32");
    }
    succeeded("cluster --input=%1$s --k=2 --output=%3$s/clusters");
    assertThat(run("cluster --assign=%3$s/clusters --output=%3$s/x --input=" + other).err())
        .last()
        .asString()
        .isEqualTo(
            "spark-gbert: Cannot assign clusters: the bits of what they were found on and of the input are about different means; assign rows of the same run; bits of --binary-mean zero are about the same mean in every run");
    assertThat(run("search --input=%2$s --queries=%1$s --output=%3$s/x").err())
        .last()
        .asString()
        .startsWith("spark-gbert: Cannot search: ")
        .contains(" holds float32, and ", " holds binary about a mean");
    TableFiles.copy(bits, folder.resolve("mixed/part=1"));
    TableFiles.copy(floats, folder.resolve("mixed/part=2"));
    TableFiles.copy(bits, folder.resolve("means/part=1"));
    TableFiles.copy(other, folder.resolve("means/part=2"));
    for (String job :
        List.of("cluster --k=2", "search --queries=%2$s", "sts --all-pairs --id-column=id")) {
      assertThat(run(job + " --output=%3$s/x --input=%3$s/mixed").err())
          .as(job)
          .last()
          .asString()
          .contains("part=1", "part=2", " binary", " float");
      assertThat(run(job + " --output=%3$s/x --input=%3$s/means").err())
          .as(job)
          .last()
          .asString()
          .contains("part=1", "part=2")
          .endsWith(" are about different means; give inputs of one run");
    }
  }

  @Test
  void whereFloatsAreNeededBitsAreRefusedByName() throws IOException {
    tables().assertThatFloatsAreDemanded("binary", "binary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | were rounded to binary, and only float32 is taken; embed its texts without --output-precision
          2 | have lost their mean, and only those that the model gave are taken
          """)
  void signsAndWhatTheyWereComparedWithAreNotIndexedAsFloats(int side, String message) {
    TestSpark.session()
        .sql("SELECT id AS id1, id AS id2 FROM range(4)")
        .write()
        .parquet(folder.resolve("links").toString());
    succeeded("sts --input=%3$s/links --embeddings=%1$s --embeddings2=%2$s --output=%3$s/scored");
    String column = "embedding" + side;
    assertThat(
            FormTables.read(folder.resolve("scored"))
                .schema()
                .apply(column)
                .dataType()
                .simpleString())
        .isEqualTo("array<float>");
    assertThat(
            run("index --input=%3$s/scored --output=%3$s/index --id-column=id1 --embedding-column="
                    + column)
                .err())
        .last()
        .asString()
        .isEqualTo(
            "spark-gbert: Cannot index: embeddings of column '%s' %s".formatted(column, message));
  }

  @Test
  void bitsAboutZeroOfTwoRunsCanBeCompared() throws IOException {
    String[] zero = {"--output-precision=binary", "--binary-mean=zero"};
    Path one = FormTables.embedded(shared, "zero", 0, zero);
    Path other = FormTables.embedded(shared, "zero_too", 100, zero);
    assertThat(made(one).mean()).containsOnly(0.0);
    for (Row row : FormTables.read(one).select("id", "embedding").collectAsList()) {
      float[] vector = vectors(floats).get(((Number) row.get(0)).longValue());
      byte[] stored = row.getAs("embedding");
      for (int i = 0; vector != null && i < vector.length; i++) {
        assertThat(stored[i / 8] >> (7 - i % 8) & 1).isEqualTo(vector[i] > 0 ? 1 : 0);
      }
    }
    succeeded("search --input=%s --queries=%s --output=%%3$s/found".formatted(one, other));
    assertThat(run("search --input=%1$s --output=%3$s/x --queries=" + one).err())
        .last()
        .asString()
        .contains("are about different means");
    assertThat(JobRun.embed(folder, "--output-precision=int8", "--binary-mean=zero").err())
        .containsExactly(
            "spark-gbert: Cannot run: --binary-mean zero requires --output-precision binary, found int8");
  }

  @Test
  void aCorpusWithoutTextsHasATable() throws IOException {
    TestSpark.texts(Arrays.asList(null, " "), 1).write().parquet(folder.resolve("in").toString());
    JobRun run = JobRun.embed(folder, "--output-precision=binary");
    assertThat(run.code()).as(run.err().toString()).isZero();
    assertThat(FormTables.read(folder.resolve("out")).where("embedding IS NULL").count())
        .isEqualTo(2);
    assertThat(made(folder.resolve("out")).mean())
        .containsOnly(0.0)
        .hasSize(made(bits).dimension());
    assertThat(run.err())
        .contains(
            "Mean: no text of the corpus has a vector, so bits are about 0, as with --binary-mean zero");
  }

  @Test
  void ofOneTextTheMeanSaysNothingAndOfMoreTextsThereIsNothingToSay() throws IOException {
    for (String texts : List.of("one", "two")) {
      Path of = Files.createDirectory(folder.resolve(texts));
      TestSpark.texts(Arrays.asList("Ein Zug", null, texts.equals("one") ? "Ein Zug" : "Zwei"), 1)
          .write()
          .parquet(of.resolve("in").toString());
      JobRun run = JobRun.embed(of, "--output-precision=binary");
      assertThat(run.code()).as(run.err().toString()).isZero();
      assertThat(run.err().stream().filter(line -> line.startsWith("Mean: ")).toList())
          .as(texts)
          .isEqualTo(
              texts.equals("two")
                  ? List.of()
                  : List.of(
                      "Mean: only one text of the corpus has a vector, which is the mean itself, so its bits say nothing; embed more texts, or give --binary-mean zero"));
      assertThat(run.output())
          .contains(texts.equals("one") ? "1 distinct text," : "2 distinct texts,");
    }
  }
}
