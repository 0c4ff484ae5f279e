package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;

/** Columns that some files of a corpus do not have, where Spark reads null. */
class MissingColumnsTest {
  private static final String NO_SUCH_COLUMN =
      "spark-gbert: Cannot read column '%s': the file file:%s/part-.* has no such column, found \\[.*";

  @TempDir private static Path shared;

  @TempDir private Path folder;

  /** The second of two directories has the columns `neu` and `Titel` besides. */
  @BeforeAll
  static void embed() {
    PairTables.query(
        shared, "SELECT id, concat('Der Zug ', id) AS text, id + 1 AS other FROM range(12)");
    assertThat(JobRun.embed(shared).code()).isEqualTo(Main.SUCCEEDED);
    split("out", "first", "second");
    split("in", "texts", "more_texts");
  }

  private static void split(String table, String first, String second) {
    var rows = TestSpark.session().read().parquet(shared.resolve(table).toString());
    rows.where("id < 6").coalesce(1).write().parquet(shared.resolve(first).toString());
    rows.where("id >= 6")
        .selectExpr("*", "'x' AS neu", "text AS Titel")
        .coalesce(1)
        .write()
        .parquet(shared.resolve(second).toString());
  }

  private JobRun run(String command) {
    return JobRun.of(command.formatted(shared, folder, TinyModels.tiny()).split(" "));
  }

  private static void assertRefused(JobRun run, String column, String directory) {
    assertThat(run.err())
        .singleElement()
        .asString()
        .matches(NO_SUCH_COLUMN.formatted(column, shared.resolve(directory)));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search --keep-columns=neu --queries=%1$s/first",
        "sts --all-pairs --keep-columns=neu",
        "cluster --keep-columns=neu --k=2",
        "cluster --label-column=neu --k=2",
      })
  void aColumnThatIsNamedMustBeInEveryFile(String command) {
    assertRefused(
        run(command + " --input=%1$s/first --input=%1$s/second --output=%2$s/out"), "neu", "first");
  }

  @Test
  void aTextThatIsShownMustBeInEveryFile() {
    assertRefused(
        run(
            "search --query=Zug --text-column=Titel --model=%3$s --input=%1$s/first"
                + " --input=%1$s/second"),
        "Titel",
        "first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search --queries=%1$s/first --where=neu<=>null",
        "search --queries=%1$s/first --where=NEU='x'",
        "sts --all-pairs --where=id>3|AND|length(neu)>0",
        "cluster --k=2 --where=neu<=>null",
        "index --cells=2 --where=neu<=>null",
      })
  void aConditionReadsColumnsOfEveryFile(String command) {
    String line = command + " --input=%1$s/first --input=%1$s/second --output=%2$s/out";
    String[] words = line.formatted(shared, folder).split(" ");
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace('|', ' ');
    }
    assertRefused(JobRun.of(words), "neu", "first");
  }

  @Test
  void aConditionOnColumnsOfEveryFileIsNoMatter() {
    JobRun run =
        run(
            "search --queries=%1$s/first --where=id>3 --input=%1$s/first --input=%1$s/second"
                + " --top-k=1 --output=%2$s/out");
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(PairTables.read(folder).count()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embed --keep-columns=id,text,neu",
        "embed --partition-by=neu",
        "enrich --id-column=id --keep-columns=id,text,neu",
        "enrich --id-column=id --max-encode=9 --oldest-by=neu",
      })
  void aTableWithEmbeddingsKeepsColumnsOfEveryFile(String command) {
    JobRun run =
        run(
            command
                + " --model=%3$s --device=cpu --input=%1$s/texts --input=%1$s/more_texts"
                + " --output=%2$s/out");
    assertRefused(run, "neu", "texts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embed",
        "enrich --id-column=id",
        "sts --sentence1-column=text --sentence2-column=text",
      })
  void columnsThatAreKeptBecauseAllAreMayBeNullWhichIsSaid(String job) {
    JobRun run =
        run(
            job
                + " --model=%3$s --device=cpu --input=%1$s/texts --input=%1$s/more_texts"
                + " --output=%2$s/out");
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    assertThat(run.err().stream().filter(line -> line.startsWith("Corpus: ")).toList())
        .hasSize(2)
        .first()
        .asString()
        .matches(
            "Corpus: column 'neu' is null in the rows of 1 of 2 files, which have no such column,"
                + " such as file:%s/part-.*\\.".formatted(shared.resolve("texts")));
    assertThat(PairTables.read(folder).where("neu IS NULL").count()).isEqualTo(6);
    assertThat(List.of(PairTables.read(folder).columns())).contains("Titel");
  }
}
