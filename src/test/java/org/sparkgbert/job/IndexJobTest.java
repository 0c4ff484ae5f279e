package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** An index is built, checked, searched and measured from the command line. */
class IndexJobTest {
  @TempDir private static Path shared;

  @TempDir private Path folder;

  @BeforeAll
  static void build() {
    PairTables.query(
        shared,
        "SELECT CAST(id AS INT) AS id, IF(id % 2 = 0, 'de', 'at') AS lang,"
            + " IF(id = 4, NULL, concat_ws(' ', 'Der Zug', id,"
            + " IF(id % 3 = 0, 'nach Köln', 'bleibt heute stehen'))) AS text FROM range(80)");
    assertThat(JobRun.embed(shared).code()).isEqualTo(Main.SUCCEEDED);
    JobRun built =
        JobRun.of(
            "index",
            "--device=cpu",
            "--input=" + corpus(),
            "--output=" + index(),
            "--cells=6",
            "--held-out=20",
            "--summary-json=" + shared.resolve("summary.json"));
    assertThat(built.code()).as(String.join("\n", built.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(built.out())
        .anyMatch(line -> line.startsWith("Index     " + index() + " ("))
        .anyMatch(line -> line.equals("Rows      80, 1 without a usable embedding"))
        .anyMatch(line -> line.matches("Cells     [1-6], trained on \\d+ rows; the largest has.*"))
        .anyMatch(line -> line.matches("Asked +\\d cells?: recall at 10 [01]\\.\\d{3}, .* rows"));
  }

  private static String corpus() {
    return shared.resolve("out").toString();
  }

  private static String index() {
    return shared.resolve("index").toString();
  }

  private static JobRun search(String... options) {
    List<String> line = new ArrayList<>(List.of("search", "--device=cpu"));
    line.addAll(List.of(options));
    return JobRun.of(line.toArray(String[]::new));
  }

  private static JobRun asked(String... options) {
    return search(
        Stream.concat(
                Stream.of("--query=Der Zug 9 nach Köln", "--model=" + TinyModels.tiny()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private static void assertRefused(JobRun run, String message) {
    assertThat(run.err()).anyMatch(line -> line.contains(message));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void anIndexOfWhichAllIsAskedAnswersAsTheCorpus() throws IOException {
    int cells = cells();
    List<String> exact = asked("--input=" + corpus(), "--top-k=5").out();
    List<String> indexed = asked("--index=" + index(), "--probe=" + cells, "--top-k=5").out();
    assertThat(indexed.subList(0, 6)).isEqualTo(exact.subList(0, 6));
    assertThat(indexed)
        .anyMatch(line -> line.startsWith("Compared  with 79 rows, by an index, in "))
        .anyMatch(
            line -> line.startsWith("Index     %d of %d cells asked".formatted(cells, cells)));
    JobRun some = asked("--index=" + index(), "--where=lang = 'at'", "--top-k=3");
    assertThat(some.out().get(1)).isEqualTo(exact.get(1));
    assertThat(some.out())
        .anyMatch(
            line ->
                line.startsWith("Index     ") && line.endsWith(", measured without a condition"));
    assertThat(indexed).noneMatch(line -> line.contains("condition"));
  }

  private static int cells() {
    return (int)
        TestSpark.session()
            .read()
            .parquet(index())
            .where("index_cell >= 0")
            .select("index_cell")
            .distinct()
            .count();
  }

  @Test
  void aTableOfQuestionsIsAnsweredByATableAndAPage() throws IOException {
    JobRun run =
        search(
            "--index=" + index(),
            "--queries=" + corpus(),
            "--top-k=2",
            "--keep-columns=lang",
            "--output=" + folder.resolve("out"));
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(PairTables.read(folder).schema().toDDL())
        .isEqualTo("query_id INT,rank INT,id INT,score DOUBLE,lang STRING");
    List<Row> first = PairTables.read(folder).where("rank = 1").orderBy("query_id").collectAsList();
    assertThat(first).hasSize(79).allMatch(row -> row.getDouble(3) > 0.999999);
    assertThat(Files.readString(folder.resolve("out_report/report.html")))
        .contains("by an index", "cells asked by each question");
  }

  @Test
  void theIndexIsValid() {
    JobRun run = JobRun.of("check", index(), "--sample=0");
    assertThat(run.out()).anyMatch(line -> line.contains("is valid"));
    assertThat(run.code()).isEqualTo(Main.SUCCEEDED);
  }

  @Test
  void recallIsMeasuredAndShown() throws IOException {
    JobRun run =
        search("--index=" + index(), "--measure-recall=5", "--report=" + folder.resolve("page"));
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(run.out())
        .anyMatch(line -> line.matches("Recall    at 10, by [1-5] held-out questions; .*"))
        .anyMatch(line -> line.matches(".*%d cells: recall 1\\.000.*".formatted(cells())));
    assertThat(Files.readString(folder.resolve("page/report.html")))
        .contains("Recall at 10", "(usual)")
        .doesNotContain("<script");
    assertRefused(
        search("--index=" + index(), "--measure-recall=21"),
        "Cannot measure recall: --measure-recall must be at most 20, the questions that the index"
            + " held out, found 21");
    assertRefused(
        asked("--index=" + index(), "--measure-recall=5"),
        "--query does not apply with --measure-recall");
  }

  @Test
  void whatDoesNotFitAnIndexIsRefused() {
    assertRefused(
        asked("--index=" + corpus()),
        "Cannot search: %s is no index, it has no column 'index_code'; make one of it with"
            .formatted(corpus()));
    assertRefused(asked("--index=" + index(), "--input=" + corpus()), "does not apply with");
    assertRefused(asked(), "Cannot run: give --input or --index");
    assertRefused(
        asked("--index=" + index(), "--similarity=dot"),
        "Cannot search: the index %s was made with --similarity cosine, found dot"
            .formatted(index()));
    assertRefused(
        asked("--index=" + index(), "--probe=7"),
        "Cannot search: --probe must be at most %d, the cells of the index, found 7"
            .formatted(cells()));
    assertRefused(
        asked("--input=" + corpus(), "--probe=2"), "--probe requires --index, which is not set");
    assertRefused(asked("--index=" + index(), "--max-seq-length=8"), "Cannot search: ");
    String format =
        "Cannot search: the index %s is read by its own format, which is parquet, found --format"
            + " orc; leave that out";
    assertRefused(asked("--index=" + index(), "--format=orc"), format.formatted(index()));
    assertRefused(
        search("--index=" + index(), "--measure-recall=5", "--format=orc"),
        format.formatted(index()));
    String part = "--read-option=pathGlobFilter=part-00001*";
    assertRefused(
        asked("--index=" + index(), part), "Cannot run: --read-option does not apply with --index");
    assertRefused(
        search("--index=" + index(), "--measure-recall=5", part),
        "Cannot run: --read-option does not apply with --index");
  }

  @Test
  void anIndexFollowsItsCorpus() throws IOException {
    String own = folder.resolve("own").toString();
    String changed = folder.resolve("changed").toString();
    JobRun built =
        JobRun.of("index", "--device=cpu", "--input=" + corpus(), "--output=" + own, "--cells=5");
    assertThat(built.code()).as(String.join("\n", built.err())).isEqualTo(Main.SUCCEEDED);
    TestSpark.session()
        .read()
        .parquet(corpus())
        .where("id > 6")
        .withColumn("lang", functions.expr("IF(id = 9, 'ch', lang)"))
        .write()
        .parquet(changed);
    String[] line = {
      "index",
      "--device=cpu",
      "--input=" + changed,
      "--output=" + own,
      "--update",
      "--input-moved",
      "--summary-json=" + folder.resolve("summary.json")
    };
    JobRun updated = JobRun.of(line);
    assertThat(updated.code()).as(String.join("\n", updated.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(updated.out())
        .anyMatch(text -> text.equals("Rows      0 added, 1 changed, 72 unchanged, 7 removed"))
        .anyMatch(text -> text.matches("Cells     \\d, \\d of them written; the largest has .*"))
        .anyMatch(
            text -> text.matches("Recall    at 10 [01]\\.\\d{3} with \\d cells? asked, by.*"));
    assertThat(Files.readString(folder.resolve("summary.json")))
        .contains("\"removed\" : 7", "\"rebuild\" : \"");
    assertThat(JobRun.of("check", own, "--sample=0").out())
        .anyMatch(text -> text.contains("is valid: 73 rows"));
    assertThat(JobRun.of(line).out())
        .anyMatch(text -> text.equals("Index     " + own + ", not written: nothing changed"))
        .anyMatch(text -> text.equals("Rows      0 added, 0 changed, 73 unchanged, 0 removed"));
    assertRefused(
        JobRun.of("index", "--input=" + changed, "--output=" + own, "--update", "--cells=3"),
        "--cells does not apply with --update");
    assertRefused(
        JobRun.of("index", "--input=" + changed, "--output=" + corpus(), "--update"),
        "Cannot update: %s is no index, it has no column 'index_code'".formatted(corpus()));
  }

  @Test
  void anIndexThatIsThereIsOnlyOverwrittenIfThatIsWanted() {
    String[] again = {
      "index", "--device=cpu", "--input=" + corpus(), "--output=" + index(), "--cells=6"
    };
    assertRefused(JobRun.of(again), "exists; choose another output or --mode overwrite");
    assertRefused(
        JobRun.of("index", "--input=" + corpus(), "--output=" + folder.resolve("small")),
        "Cannot index: with fewer than 10,000 rows an index saves nothing, found 80");
  }
}
