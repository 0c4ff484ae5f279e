package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

/** Embeddings of two models in one input are refused by every job that reads embeddings. */
class MixedModelsTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static Path tiny;
  private static Path other;
  private static Path limited;

  @BeforeAll
  static void embedTwice() throws IOException {
    tiny = embedded("tiny", "--model=" + TinyModels.tiny());
    other = embedded("other", "--model=" + TinyModels.named(shared.resolve("m"), "tiny-other"));
    limited = embedded("limited", "--max-seq-length=4");
  }

  private static Path embedded(String name, String option) throws IOException {
    Path directory = Files.createDirectory(shared.resolve(name));
    List<String> texts = IntStream.range(0, 12).mapToObj(i -> i + " Züge fahren").toList();
    TestSpark.texts(texts, 1).write().parquet(directory.resolve("in").toString());
    assertThat(JobRun.embed(directory, option).code()).isZero();
    return directory.resolve("out");
  }

  /** A directory with the files of both, without manifests. */
  private Path together(Path first, Path second) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("both"));
    TableFiles.copy(first, directory.resolve("part=1"));
    TableFiles.copy(second, directory.resolve("part=2"));
    return directory;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster --input=%1$s/both --k=2|Cannot cluster: ",
        "cluster --input=%1$s/both/* --k=2|Cannot cluster: ",
        "cluster --input=%1$s/both/part=1 --input=%1$s/both/part=2 --k=2|Cannot cluster: ",
        "sts --all-pairs --id-column=id --input=%1$s/both|Cannot find partners: ",
        "embed --embedding-column=again --model=%2$s --input=%1$s/both|Cannot embed: ",
      })
  void aDirectoryOfTwoModelsIsRefused(String command, String start) throws IOException {
    together(tiny, other);
    JobRun run = run(command);
    assertThat(run.err()).as(run.err().toString()).hasSize(1);
    assertThat(run.err().get(0))
        .startsWith("spark-gbert: " + start)
        .contains("part=1", "part=2", "made by tiny-", "(identity ");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(folder.resolve("result")).doesNotExist();
  }

  private JobRun run(String command) {
    String line = command.formatted(folder, TinyModels.tiny());
    return JobRun.of(
        Stream.concat(Stream.of(line.split(" ")), Stream.of("--output=" + folder.resolve("result")))
            .toArray(String[]::new));
  }

  @Test
  void theSameModelUnderAnotherLimitIsRefusedWithBothValues() throws IOException {
    together(tiny, limited);
    assertThat(run("cluster --input=%1$s/both --k=2").err())
        .singleElement()
        .asString()
        .endsWith(
            "of the same model, tiny-bert, with different settings: max_seq_length (128 and 4)");
  }

  @Test
  void filesThatDoNotSayWhatMadeThemAreNotMixedWithOthers() throws IOException {
    Path directory = together(tiny, tiny);
    Path foreign = directory.resolve("part=2");
    for (File file : foreign.toFile().listFiles()) {
      Files.delete(file.toPath());
    }
    TestSpark.session()
        .read()
        .parquet(tiny.toString())
        .selectExpr("id", "text", "transform(embedding, x -> x) AS embedding", "embedding_status")
        .write()
        .mode("append")
        .parquet(foreign.toString());
    assertThat(run("cluster --input=%1$s/both --k=2").err())
        .singleElement()
        .asString()
        .contains("was made by tiny-bert, and that of ")
        .contains("does not say what made it; give inputs of one model");
  }

  @Test
  void aFileOfAnotherModelInATableIsFoundWhenIdsAreLookedUp() throws IOException {
    Path table = folder.resolve("table");
    TableFiles.copy(tiny, table);
    Files.copy(tiny.resolve("_embedding_run.json"), table.resolve("_embedding_run.json"));
    TestSpark.session()
        .sql("SELECT 1L AS id1, 2L AS id2")
        .write()
        .parquet(folder.resolve("links").toString());
    String command = "sts --input=%1$s/links --embeddings=%1$s/table";
    TableFiles.copy(other, folder.resolve("more"));
    for (File file : folder.resolve("more").toFile().listFiles()) {
      Files.move(file.toPath(), table.resolve("x" + file.getName()));
    }
    assertThat(run(command).err())
        .singleElement()
        .asString()
        .contains("Cannot look up embeddings: the manifest of ")
        .contains("counts 12 rows, found 24 in its files");
  }
}
