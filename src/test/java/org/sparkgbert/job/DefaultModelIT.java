package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.FullSize;
import org.sparkgbert.StsPairs;
import org.sparkgbert.TestSpark;

/** The default model, through the embed job and plain cosine in Spark SQL. */
class DefaultModelIT {
  private static final Path BUNDLE = Path.of("target/models/default");

  private static final String COSINES =
      """
      SELECT first.id div 2 AS pair,
        aggregate(zip_with(first.embedding, second.embedding, (x, y) -> double(x) * y),
            0D, (sum, product) -> sum + product)
          / sqrt(aggregate(first.embedding, 0D, (sum, x) -> sum + double(x) * x))
          / sqrt(aggregate(second.embedding, 0D, (sum, x) -> sum + double(x) * x)) AS cosine
      FROM embedded first JOIN embedded second ON second.id = first.id + 1
      WHERE first.id % 2 = 0
      ORDER BY pair
      """;

  private static Path stsb;

  @TempDir private Path folder;

  @BeforeAll
  static void findInputs() {
    stsb = FullSize.require(FullSize.STSB);
  }

  @ParameterizedTest
  @CsvSource({"test, 0.6577", "dev, 0.7441"})
  void scoresOnGermanSentencePairs(String split, double expected) throws IOException {
    StsPairs pairs = StsPairs.read(stsb.resolve(split + ".csv"));
    String corpus = folder.resolve("corpus").toString();
    String table = folder.resolve("table").toString();
    TestSpark.texts(pairs.sentences(), 2).write().parquet(corpus);
    embed("--input", corpus, "--output", table, "--model", BUNDLE.toString());

    Dataset<Row> embedded = TestSpark.session().read().parquet(table);
    embedded.createOrReplaceTempView("embedded");
    List<Row> rows = TestSpark.session().sql(COSINES).collectAsList();
    double[] cosines = rows.stream().mapToDouble(row -> row.getDouble(1)).toArray();

    double found = pairs.spearman(cosines);
    System.out.printf("%s on %s: %.4f%n", BUNDLE, split, found);
    assertThat(found).isCloseTo(expected, within(5e-4));
  }

  private static void embed(String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "embed";
    System.arraycopy(options, 0, words, 1, options.length);
    assertThat(Main.run(words, new Console(System.out, System.err))).isEqualTo(Main.SUCCEEDED);
  }
}
