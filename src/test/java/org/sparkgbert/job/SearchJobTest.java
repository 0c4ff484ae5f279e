package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.vector.Similarity;

/** The rows nearest to questions, on the terminal and in tables. */
class SearchJobTest {
  @TempDir private static Path shared;
  private static Map<Integer, List<Float>> vectors;

  @TempDir private Path folder;

  @BeforeAll
  static void embed() {
    PairTables.query(
        shared,
        "SELECT CAST(id AS INT) AS id, IF(id % 2 = 0, 'de', 'at') AS lang,"
            + " IF(id = 4, NULL, IF(id = 7, '', concat_ws(' ', 'Der Zug', id,"
            + " IF(id % 3 = 0, 'nach Köln', 'bleibt heute\\nstehen')))) AS text FROM range(20)");
    assertThat(JobRun.embed(shared).code()).isEqualTo(Main.SUCCEEDED);
    vectors = new TreeMap<>();
    for (Row row : PairTables.read(shared).collectAsList()) {
      List<Float> vector = PairTables.vector(row, "embedding");
      if (vector != null) {
        vectors.put(row.getAs("id"), vector);
      }
    }
  }

  private static String corpus() {
    return shared.resolve("out").toString();
  }

  private JobRun search(String... options) {
    List<String> line = new ArrayList<>(List.of("search", "--device=cpu"));
    List<String> given = List.of(options);
    if (given.stream().noneMatch(option -> option.startsWith("--input"))) {
      line.add("--input=" + corpus());
    }
    boolean encodes = given.stream().anyMatch(option -> option.matches("--query(-column)?=.*"));
    if (encodes && given.stream().noneMatch(option -> option.startsWith("--model"))) {
      line.add("--model=" + TinyModels.tiny());
    }
    line.addAll(given);
    return JobRun.of(line.toArray(String[]::new));
  }

  private JobRun found(String... options) {
    JobRun run = search(options);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    return run;
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  private Dataset<Row> answers(String... options) {
    found(Stream.concat(Stream.of(options), Stream.of("--output=" + out())).toArray(String[]::new));
    return PairTables.read(folder);
  }

  /** Questions: two texts of the corpus, one that is blank. */
  private String questions() {
    String path = folder.resolve("questions").toString();
    TestSpark.session()
        .sql(
            "SELECT * FROM VALUES ('b', 'Der Zug 9 nach Köln'), ('a', 'Der Zug 11 bleibt heute stehen'),"
                + " ('c', ' ') AS t(nr, frage)")
        .repartition(2)
        .write()
        .parquet(path);
    return path;
  }

  @Test
  void aCorpusThatARunDiedReplacingGetsItsNameBack() throws IOException {
    Path table = folder.resolve("moved");
    Path old = folder.resolve(".moved.publish/old-dead");
    Files.createDirectories(old.getParent());
    TableOnDisk.copy(shared, old);
    JobRun run = found("--input=" + table, "--query=Der Zug 9 nach Köln", "--top-k=1");
    assertThat(run.out()).anyMatch(line -> line.contains("Der Zug 9 nach Köln"));
    assertThat(old).doesNotExist();
    assertThat(table).isDirectory();
  }

  /** Ids of all rows with an embedding, the nearest first. */
  private static List<Integer> nearest(List<Float> question) {
    return vectors.keySet().stream()
        .sorted(
            Comparator.comparingDouble(
                    (Integer id) ->
                        PairTables.measure(Similarity.COSINE, question, vectors.get(id)))
                .reversed()
                .thenComparing(id -> id))
        .toList();
  }

  @Test
  void questionsOnTheCommandLineAreAnsweredOnTheTerminal() throws IOException {
    JobRun run =
        found("--query=Der Zug 9 nach Köln", "--query=Der Zug 11 bleibt heute stehen", "--top-k=2");
    List<String> out = run.out();
    assertThat(out.get(0)).isEqualTo("Der Zug 9 nach Köln");
    assertThat(out.get(1)).isEqualTo("   1  1.0000   9  Der Zug 9 nach Köln");
    assertThat(out.get(2)).matches("   2  0\\.\\d{4} +\\d+  Der Zug \\d+ .*");
    assertThat(out.get(3)).isEmpty();
    assertThat(out.get(4)).isEqualTo("Der Zug 11 bleibt heute stehen");
    assertThat(out.get(5)).isEqualTo("   1  1.0000  11  Der Zug 11 bleibt heute stehen");
    assertThat(out.get(8)).isEqualTo("Questions 2, 0 without an answer");
    assertThat(out.get(9)).startsWith("Compared  with 20 rows, exact, in ");
    assertThat(out).hasSize(10);
    assertThat(PairTables.names(folder)).isEmpty();
  }

  @Test
  void aTypedQuestionWithoutAnEmbeddingIsPrinted() {
    List<String> out = found("--query=\u200b", "--query=Der Zug 9 nach Köln", "--top-k=1").out();
    assertThat(out.subList(0, 5))
        .containsExactly(
            "\u200b",
            "      nothing found",
            "",
            "Der Zug 9 nach Köln",
            "   1  1.0000  9  Der Zug 9 nach Köln");
    assertThat(out).contains("Questions 2, 1 without an answer");
  }

  @Test
  void aTextIsShownWhateverTheNameOfItsColumn() {
    String renamed = folder.resolve("renamed").toString();
    TestSpark.session()
        .read()
        .parquet(corpus())
        .withColumnRenamed("text", "rank")
        .write()
        .parquet(renamed);
    String[] options = {
      "--input=" + renamed, "--text-column=rank", "--query=Der Zug 9 nach Köln", "--top-k=1"
    };
    assertThat(found(options).out()).contains("   1  1.0000  9  Der Zug 9 nach Köln");
    assertThat(
            answers(
                    "--input=" + renamed,
                    "--text-column=rank",
                    "--query=Der Zug 9 nach Köln",
                    "--top-k=1")
                .columns())
        .containsExactly("query_id", "rank", "id", "score");
    assertThat(
            search(
                    "--queries=" + renamed,
                    "--input=" + renamed,
                    "--output=" + out() + "2",
                    "--keep-columns=rank")
                .err())
        .singleElement()
        .asString()
        .endsWith("the result's columns must differ in name, found 'rank' twice");
  }

  @Test
  void aTableOfTextsIsAnsweredByATable() throws IOException {
    Path summary = folder.resolve("summary.json");
    Dataset<Row> table =
        answers(
            "--queries=" + questions(),
            "--query-id-column=nr",
            "--query-column=frage",
            "--keep-columns=lang",
            "--top-k=3",
            "--summary-json=" + summary);
    assertThat(table.schema().toDDL())
        .isEqualTo("query_id STRING,rank INT,id INT,score DOUBLE,lang STRING");
    List<Row> rows = table.orderBy("query_id", "rank").collectAsList();
    assertThat(rows).hasSize(6);
    for (int i = 0; i < 6; i++) {
      Row row = rows.get(i);
      List<Float> question = vectors.get(i < 3 ? 11 : 9);
      int id = nearest(question).get(i % 3);
      assertThat(row.mkString(" ")).startsWith((i < 3 ? "a " : "b ") + (i % 3 + 1) + " " + id);
      assertThat(row.<Double>getAs("score"))
          .isCloseTo(
              PairTables.measure(Similarity.COSINE, question, vectors.get(id)), within(1e-6));
      assertThat(row.<String>getAs("lang")).isEqualTo(id % 2 == 0 ? "de" : "at");
    }
    DerivedProvenance made = DerivedProvenance.of(table.schema().apply("score")).orElseThrow();
    assertThat(made.measure()).isEqualTo("cosine_similarity");
    assertThat(made.embeddings().get(0).model()).isEqualTo("tiny-bert");
    assertThat(PairTables.check(folder)).contains("is valid: 6 rows");
    assertThat(Files.readString(Path.of(out() + "_report", "report.html")))
        .contains("Der Zug 9 nach K\\u00F6ln", "\"poorQuestions\":1,");
    JsonNode counts = PairTables.json(summary).get("counts");
    assertThat(counts.toString())
        .isEqualTo(
            "{\"questions\":3,\"without_embedding\":1,\"answered\":2,\"corpus_rows\":20,\"rows\":6}");
  }

  @Test
  void aTableOfEmbeddingsIsAnsweredWithoutAModel() throws IOException {
    JobRun run =
        found(
            "--queries=" + corpus(),
            "--output=" + out(),
            "--top-k=4",
            "--block-rows=5",
            "--partition-by=rank",
            "--report=" + folder.resolve("page"));
    assertThat(run.out()).contains("Questions 20, 2 without an answer");
    Map<Integer, List<Integer>> byQuestion = new TreeMap<>();
    PairTables.read(folder)
        .orderBy("query_id", "rank")
        .collectAsList()
        .forEach(
            row ->
                byQuestion
                    .computeIfAbsent(row.getAs("query_id"), id -> new ArrayList<>())
                    .add(row.getAs("id")));
    assertThat(byQuestion.keySet()).isEqualTo(vectors.keySet());
    byQuestion.forEach(
        (question, ids) -> assertThat(ids).isEqualTo(nearest(vectors.get(question)).subList(0, 4)));
    assertThat(folder.resolve("page/report.html")).isRegularFile();
    assertThat(PairTables.names(folder)).containsExactly("out", "page");
  }

  @Test
  void aConditionSelectsRowsBeforeTheSearch() {
    Dataset<Row> table =
        answers("--queries=" + corpus(), "--where=lang = 'de' AND id > 2", "--top-k=100");
    assertThat(table.count()).isEqualTo(vectors.size() * 7L);
    assertThat(table.where("id % 2 = 1 OR id <= 2").count()).isZero();
  }

  @Test
  void ifNoRowIsLeftNothingIsFound() {
    JobRun run = found("--queries=" + corpus(), "--where=lang = 'ch'", "--output=" + out());
    assertThat(run.err()).contains("Corpus: there is no row where lang = 'ch'.");
    assertThat(run.out()).contains("Questions 20, 20 without an answer");
    assertThat(PairTables.read(folder).count()).isZero();
    assertThat(PairTables.read(folder).columns())
        .containsExactly("query_id", "rank", "id", "score");
    assertThat(PairTables.check(folder)).contains("is valid: 0 rows");
    assertThat(found("--query=Der Zug", "--min-score=1.5").out())
        .startsWith("Der Zug", "      nothing found");
  }

  @Test
  void questionsHaveAPromptOfTheirOwn() throws IOException {
    String best = "   1  1.0000   9  Der Zug 9 nach Köln";
    assertThat(found("--query=Zug 9 nach Köln", "--query-prompt=Der ").out()).contains(best);
    Path bundle = TinyModels.copy(folder.resolve("bundle"));
    BundleManifest manifest = BundleManifest.parse(Files.readString(bundle.resolve("bundle.json")));
    Files.writeString(bundle.resolve("bundle.json"), manifest.withQueryPrompt("Der ").toJson());
    String model = "--model=" + bundle;
    assertThat(found("--query=Zug 9 nach Köln", model).out()).contains(best);
    assertThat(found("--query=Der Zug 9 nach Köln", "--query-prompt=", model).out()).contains(best);
    assertThat(found("--query=Zug 9 nach Köln").out()).doesNotContain(best);
  }

  @Test
  void aModelWithAnotherPromptOnlyIsTheSame() throws IOException {
    Path bundle = TinyModels.copy(folder.resolve("bundle"));
    BundleManifest manifest = BundleManifest.parse(Files.readString(bundle.resolve("bundle.json")));
    Files.writeString(bundle.resolve("bundle.json"), manifest.withPrompt("Der ").toJson());
    assertThat(found("--query=Zug 9 nach Köln", "--model=" + bundle).out())
        .contains("   1  1.0000   9  Der Zug 9 nach Köln");
  }

  @Test
  void anotherModelThanTheCorpusIsRefused() throws IOException {
    Path other = TinyModels.named(folder.resolve("other"), "tiny-other");
    JobRun run = search("--query=a", "--model=" + other);
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot search: " + corpus() + " was made by tiny-bert (identity ")
        .contains("found tiny-other (identity ", " in --model " + other);
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(search("--query=a", "--max-seq-length=5").err())
        .singleElement()
        .asString()
        .endsWith("with different settings: max_seq_length (128 and 5)");
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("in"));
    assertThat(JobRun.embed(folder, "--model=" + other).code()).isEqualTo(Main.SUCCEEDED);
    assertThat(search("--queries=" + out(), "--output=" + folder.resolve("answers")).err())
        .singleElement()
        .asString()
        .contains("Cannot search: ", "was made by tiny-bert", "found tiny-other", "in " + out());
  }

  @Test
  void whatIsNotKnownToBeOfOneModelIsRefused() {
    String foreign = folder.resolve("foreign").toString();
    TestSpark.session()
        .read()
        .parquet(corpus())
        .selectExpr("id", "text", "transform(embedding, x -> x) AS embedding")
        .write()
        .parquet(foreign);
    PairTables.assertRefused(
        search("--input=" + foreign, "--query=a"),
        "Cannot search: column 'embedding' of "
            + foreign
            + " does not say which model made it, so texts cannot be encoded by the same; give"
            + " questions with embeddings");
    PairTables.assertRefused(
        search("--queries=" + foreign, "--output=" + out()),
        "Cannot search: column 'embedding' of %s was made by tiny-bert, and that of %s does not say what made it"
            .formatted(corpus(), foreign));
    assertThat(answers("--input=" + foreign, "--queries=" + foreign, "--top-k=1").count())
        .isEqualTo(vectors.size());
  }

  @Test
  void aQuestionThatCannotBeEncodedEndsTheRun() throws IOException {
    Path failing = TinyModels.failingOnPoison(folder.resolve("failing"));
    Files.createSymbolicLink(folder.resolve("in"), shared.resolve("in"));
    assertThat(JobRun.embed(folder, "--model=" + failing).code()).isEqualTo(Main.SUCCEEDED);
    JobRun run =
        search(
            "--input=" + out(),
            "--query=Der Zug",
            "--query=Der Zug " + TinyModels.POISON,
            "--model=" + failing);
    assertThat(run.err())
        .last()
        .asString()
        .startsWith("spark-gbert: Cannot search: 1 questions could not be encoded, such as 2: ");
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --top-k=1                                 | give --query or --queries
          --query=                                  | --query must be a text, without which there is no question, found ''
          --query=a --queries=t --output=o          | --queries does not apply with --query
          --queries=t                               | --queries requires --output, which is not set
          --query=a --query-column=b                | --query-column requires --queries, which is not set
          --query=a --query-id-column=b             | --query-id-column requires --queries, which is not set
          --query=a --queries-format=csv            | --queries-format requires --queries, which is not set
          --query=a --mode=overwrite                | --mode requires --output, which is not set
          --query=a --keep-columns=topic            | --keep-columns requires --output, which is not set
          --query=a --partitions=7                  | --partitions does not apply to questions of --query
          --query=a --top-k=0                       | --top-k must be at least 1, found 0
          --query=a --min-score=NaN                 | --min-score must be a finite number, found 'NaN'
          --query=a --min-score=high                | --min-score must be a number, found 'high'
          --query=a --block-rows=16385              | --block-rows must be at most 16384, found 16385
          --query=a --similarity=euclidean          | --similarity must be cosine or dot, found 'euclidean'
          --queries=t --output=o --query-prompt=x   | --query-prompt requires --query or --query-column, which are not set
          --queries=t --output=o --model=m          | --model does not apply to questions with embeddings
          --queries=t --output=o --max-seq-length=9 | --max-seq-length does not apply to questions with embeddings
          --queries=t --output=o --report=o/page    | --report must not be in the table, found o/page
          --query=a --unordered                     | unknown option --unordered
          """)
  void settingsThatCannotBeAreSaidBeforeSparkStarts(String options, String message) {
    List<String> line = new ArrayList<>(List.of("search", "--input=c"));
    line.addAll(List.of(options.split(" +")));
    JobRun run = JobRun.withoutSpark(line.toArray(String[]::new));
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot run: " + message);
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --id-column=nr           | Cannot search by column 'nr': there is no such column, found
          --embedding-column=lang  | Cannot search by column 'lang': it must be array<float>, found string
          --embedding-column=x     | Cannot search by column 'x': there is no such column, found
          --keep-columns=lang,x    | Cannot keep column 'x': there is no such column, found
          --keep-columns=id        | Cannot search: the result's columns must differ in name, found 'id' twice
          --text-column=x          | Cannot show column 'x': there is no such column, found
          --where=nr = 1           | Cannot filter corpus by 'nr = 1': [UNRESOLVED_COLUMN
          --partition-by=lang      | Cannot partition by column 'lang': there is no such column, found [query_id, rank, id, score]
          --query-id-column=lang   | Cannot read questions: ids must be unique, found at twice
          --query-id-column=x      | Cannot read questions by column 'x': there is no such column, found
          --query-column=x         | Cannot read questions by column 'x': there is no such column, found
          --query-column=id        | Cannot read questions by column 'id': it must be a string, found int
          """)
  void whatDoesNotFitTheTablesIsRefused(String option, String message) throws IOException {
    JobRun run = search("--queries=" + corpus(), "--output=" + out(), option);
    assertThat(run.err()).singleElement().asString().startsWith("spark-gbert: " + message);
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(PairTables.names(folder)).isEmpty();
  }

  @Test
  void outputsLieInNoOtherTable() throws IOException {
    answers("--queries=" + corpus(), "--top-k=1");
    List<String> before = PairTables.names(Path.of(out()));
    String other = " lies in the table file:%s, which could not be read any more; choose another ";
    List<JobRun> refused =
        List.of(
            search("--queries=" + corpus(), "--output=" + out() + "/sub/deep"),
            search("--query=a", "--report=" + out()),
            search("--query=a", "--summary-json=" + out() + "/s.json"),
            JobRun.embed(shared, "--output=" + out() + "/sub"),
            JobRun.of("index", "--input=" + corpus(), "--output=" + out() + "/sub", "--cells=2"),
            JobRun.of("sts", "--all-pairs", "--input=" + corpus(), "--output=" + out() + "/sub"),
            JobRun.of("cluster", "--k=2", "--input=" + corpus(), "--output=" + out() + "/sub"));
    for (JobRun run : refused) {
      assertThat(run.err()).last().asString().contains(other.formatted(out()));
      assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    }
    assertThat(PairTables.names(Path.of(out()))).isEqualTo(before);
  }

  @Test
  void outputsLieBesideWhatIsRead() {
    assertThat(search("--queries=" + corpus(), "--output=" + corpus(), "--mode=overwrite").err())
        .singleElement()
        .asString()
        .contains("Cannot write table: ", " is the input ");
    assertThat(search("--query=a", "--report=" + corpus()).err())
        .singleElement()
        .asString()
        .contains("Cannot write report: ", " is the input ");
    assertThat(search("--query=a", "--summary-json=" + corpus() + "/s.json").err())
        .singleElement()
        .asString()
        .contains("Cannot write summary: ", " lies in the input ");
  }
}
