package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.vector.Similarity;

/** The best partners of each row, against those that all pairs by definition give. */
class StsAllPairsTest {
  private static final int TOP_K = 3;

  @TempDir private static Path shared;
  private static Map<Integer, List<Float>> vectors;

  @TempDir private Path folder;

  /** A pair that must be found. */
  private record Found(int id, int partner, int rank, double score) {}

  @BeforeAll
  static void embed() {
    PairTables.query(
        shared,
        "SELECT CAST(id AS INT) AS id, IF(id % 2 = 0, 'de', 'at') AS lang,"
            + " IF(id = 4, NULL, IF(id = 7, '', concat_ws(' ', 'Der Zug', id,"
            + " IF(id % 3 = 0, 'nach Köln', 'bleibt heute stehen')))) AS text FROM range(20)");
    assertThat(JobRun.embed(shared).code()).isEqualTo(Main.SUCCEEDED);
    vectors = new TreeMap<>();
    for (Row row : PairTables.read(shared).collectAsList()) {
      List<Float> vector = PairTables.vector(row, "embedding");
      if (vector != null) {
        vectors.put(row.getAs("id"), vector);
      }
    }
  }

  /** A run that encodes nothing. */
  private JobRun run(String... options) throws IOException {
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("out"));
    List<String> all =
        new ArrayList<>(
            List.of(
                "sts",
                "--all-pairs",
                "--top-k=" + TOP_K,
                "--device=cpu",
                "--input=" + folder.resolve("in"),
                "--output=" + folder.resolve("out")));
    all.addAll(List.of(options));
    return JobRun.of(all.toArray(String[]::new));
  }

  private Dataset<Row> partners(String... options) throws IOException {
    JobRun run = run(options);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    return PairTables.read(folder);
  }

  private static List<Found> best(Similarity similarity, double minScore) {
    List<Found> found = new ArrayList<>();
    for (int id : vectors.keySet()) {
      List<Found> ofRow = new ArrayList<>();
      for (int partner : vectors.keySet()) {
        double score = PairTables.measure(similarity, vectors.get(id), vectors.get(partner));
        if (partner != id && score >= minScore) {
          ofRow.add(new Found(id, partner, 0, score));
        }
      }
      ofRow.sort(Comparator.comparingDouble(Found::score).reversed());
      for (int i = 0; i < Math.min(TOP_K, ofRow.size()); i++) {
        Found pair = ofRow.get(i);
        found.add(new Found(pair.id, pair.partner, i + 1, pair.score));
      }
    }
    return found;
  }

  private static void assertFound(Dataset<Row> table, Similarity similarity, List<Found> expected) {
    List<Row> rows = table.orderBy("id", "rank", "partner_id").collectAsList();
    assertThat(rows).hasSameSizeAs(expected);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      Found pair = expected.get(i);
      assertThat(List.<Integer>of(row.getAs("id"), row.getAs("partner_id"), row.getAs("rank")))
          .isEqualTo(List.of(pair.id, pair.partner, pair.rank));
      assertThat((double) row.<Float>getAs(similarity.column()))
          .isCloseTo(pair.score, within(1e-5));
    }
  }

  @Test
  void theBestOfEachRowAreThoseOfAllPairs() throws IOException {
    Dataset<Row> table = partners();
    assertThat(table.schema().toDDL())
        .isEqualTo("id INT,partner_id INT,rank INT,cosine_similarity FLOAT");
    assertFound(table, Similarity.COSINE, best(Similarity.COSINE, -2));
    var manifest = PairTables.json(folder.resolve("out/_embedding_run.json"));
    assertThat(manifest.at("/derived/cosine_similarity/embeddings/0/model").asText())
        .isEqualTo("tiny-bert");
    assertThat(manifest.get("model_location").asText()).isEqualTo(folder.resolve("in").toString());
    assertThat(PairTables.check(folder)).contains("is valid: 54 rows");
  }

  @Test
  void othersThanTheBestCanBeLeftOutAndColumnsKept() throws IOException {
    List<Double> scores = best(Similarity.DOT, -1e9).stream().map(Found::score).sorted().toList();
    float least = scores.get(scores.size() / 2).floatValue() + 1e-3F;
    Dataset<Row> table =
        partners("--similarity=dot", "--min-score=" + least, "--keep-columns=lang,text");
    assertThat(table.columns())
        .containsExactly(
            "id",
            "partner_id",
            "rank",
            "dot_product",
            "lang",
            "partner_lang",
            "text",
            "partner_text");
    assertFound(table, Similarity.DOT, best(Similarity.DOT, least));
    for (Row row : table.collectAsList()) {
      assertThat(row.<String>getAs("partner_text"))
          .contains("Zug " + row.<Integer>getAs("partner_id"));
      assertThat(row.<String>getAs("lang"))
          .isEqualTo(row.<Integer>getAs("id") % 2 == 0 ? "de" : "at");
    }
  }

  @Test
  void anUnorderedPairStandsOnceWithTheBetterRank() throws IOException {
    Map<List<Integer>, Found> once = new HashMap<>();
    for (Found pair : best(Similarity.COSINE, -2)) {
      int lower = Math.min(pair.id, pair.partner);
      int higher = Math.max(pair.id, pair.partner);
      once.merge(
          List.of(lower, higher),
          new Found(lower, higher, pair.rank, pair.score),
          (a, b) -> a.rank <= b.rank ? a : b);
    }
    List<Found> expected = new ArrayList<>(once.values());
    expected.sort(
        Comparator.comparingInt(Found::id)
            .thenComparingInt(Found::rank)
            .thenComparingInt(Found::partner));
    assertFound(partners("--unordered", "--block-rows=7"), Similarity.COSINE, expected);
  }

  @Test
  void aCorpusWithoutEmbeddingsIsEncodedFirst() throws IOException {
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("in"));
    Path summary = folder.resolve("summary.json");
    List<Row> rows =
        PairTables.scored(
                folder,
                "--all-pairs",
                "--top-k=" + TOP_K,
                "--summary-json=" + summary,
                "--partition-by=rank")
            .orderBy("id", "rank")
            .collectAsList();
    List<Found> expected = best(Similarity.COSINE, -2);
    assertThat(rows).hasSameSizeAs(expected);
    for (int i = 0; i < rows.size(); i++) {
      assertThat((double) rows.get(i).<Float>getAs("cosine_similarity"))
          .isCloseTo(expected.get(i).score, within(1e-5));
    }
    assertThat(PairTables.json(summary).get("distinct_texts").asInt())
        .as("null and blank texts do not count")
        .isEqualTo(18);
    assertThat(PairTables.check(folder)).contains("is valid: 54 rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--dimensions=100",
        "--normalize",
        "--max-seq-length=9",
        "--long-text=chunks",
        "--model=m",
        "--partitions=3",
        "--max-failed=0.1",
        "--text-column=text",
      })
  void settingsOfEncodingDoNotApplyToEmbeddings(String option) throws IOException {
    PairTables.assertRefused(
        run(option),
        "Cannot run: %s does not apply to an input with embeddings, found column 'embedding'"
            .formatted(option.replaceFirst("=.*", "")));
    assertThat(PairTables.names(folder)).containsExactly("in");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --id-column=nr         | Cannot compare column 'nr': there is no such column, found [id, lang, text]
          --keep-columns=lang,x  | Cannot keep column 'x': there is no such column, found [id, lang, text]
          --keep-columns=id      | Cannot find partners: the result's columns must differ in name, found 'id' twice
          --text-column=body     | Cannot embed column 'body': there is no such column, found [id, lang, text]
          --text-column=id       | Cannot embed column 'id': it must be a string, found int
          --embedding-column=lang | Cannot find partners by column 'lang': it must be array<float>, found string
          --id-column=lang       | Cannot find partners: ids must be unique, found lang = at in 10 rows
          --partition-by=lang    | Cannot partition by column 'lang': there is no such column, found [id, partner_id, rank, cosine_similarity]
          """)
  void whatDoesNotFitTheCorpusIsSaidBeforeItIsEncoded(String option, String message)
      throws IOException {
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("in"));
    PairTables.assertRefused(JobRun.sts(folder, "--all-pairs", option), message);
    assertThat(PairTables.names(folder)).containsExactly("in");
  }
}
