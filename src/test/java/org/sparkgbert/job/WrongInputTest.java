package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.files.Checksums;

/**
 * What a corpus, a target or a model can have wrong: one line, exit code 2, and nothing written.
 */
class WrongInputTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;

  @BeforeAll
  static void writeCorpus() {
    TestSpark.texts(List.of("Guten Morgen", "Der Hund bellt."), 1)
        .write()
        .parquet(shared.resolve("in").toString());
  }

  private Path corpus;

  @BeforeEach
  void nameCorpus() {
    corpus = shared.resolve("in");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --text-column=body       | Cannot embed column 'body': there is no such column, found [id, text]
          --text-column=id         | Cannot embed column 'id': it must be a string, found int
          --keep-columns=id,lang   | Cannot keep column 'lang': there is no such column, found [id, text]
          --partition-by=lang      | Cannot partition by column 'lang': there is no such column, found [id, text, embedding, embedding_status, embedding_tokens, embedding_error]
          --embedding-column=text  | Cannot add column text: the input already has one; choose another name for the embedding column
          --embedding-column=ID    | Cannot add column ID: the input already has one; choose another name for the embedding column
          --max-seq-length=129     | Cannot encode: max sequence length must be at most 128, the limit of tiny-bert, found 129
          """)
  void whatDoesNotFitTheCorpusOrTheModelIsSaid(String option, String message) {
    assertRefused(embed(option), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --where=lang = 'de'      | Cannot filter corpus by 'lang = 'de'':     | `lang` cannot be resolved
          --where=id >             | Cannot filter corpus by 'id >':            | Syntax error
          --where=id               | Cannot filter corpus by 'id':              | is not a boolean
          --where=id > 100         | Cannot read corpus                         | it has no rows where id > 100
          --format=nosuch          | Cannot read corpus                         | Failed to find the data source: nosuch
          --output-format=nosuch   | Cannot write table: unknown format 'nosuch', | Failed to find the data source
          --partition-by=embedding | Cannot run:                                | for partition column
          --keep-columns=id,id     | Cannot                                     | already exist
          """)
  void whatSparkRefusesIsSaidInItsWords(String option, String start, String reason) {
    JobRun run = embed(option);
    assertThat(errors(run))
        .singleElement()
        .asString()
        .startsWith("spark-gbert: " + start)
        .contains(reason)
        .doesNotContain("SQLSTATE");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aCorpusThatIsNotThereIsSaid() {
    corpus = shared.resolve("none");
    assertRefused(embed(), "Cannot read %s: there is no such path".formatted(corpus));
  }

  @Test
  void aGlobThatMatchesNothingIsSaid() {
    corpus = shared.resolve("in/*.csv");
    assertRefused(embed(), "Cannot read %s: there is no such path".formatted(corpus));
  }

  @Test
  void aGlobThatIsNoneIsSaid() {
    corpus = shared.resolve("in[");
    assertThat(embed().err())
        .last()
        .asString()
        .startsWith(
            "spark-gbert: Cannot read %s: there is no such path, and it is no glob: "
                .formatted(corpus));
    assertThat(embed().code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void aConditionThatFailsOnARowIsNoWrongUsage() {
    JobRun run = embed("--where=raise_error('torn') is null");
    assertThat(run.err()).last().asString().contains("torn").startsWith("spark-gbert: Cannot ");
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }

  @Test
  void aCorpusWithoutRowsIsSaid() {
    corpus = shared.resolve("empty");
    TestSpark.texts(List.of(), 1).write().mode(SaveMode.Overwrite).parquet(corpus.toString());
    assertRefused(embed(), "Cannot read corpus %s: it has no rows".formatted(corpus));
  }

  @Test
  void aParquetFileOfNoBytesIsNamed() throws IOException {
    corpus = damagedCopy("zero", new byte[0]);
    assertRefused(
        embed(), "Cannot read Parquet file file:%s/b.parquet: it is empty".formatted(corpus));
  }

  @Test
  void aTruncatedParquetFileIsNamed() throws IOException {
    byte[] whole = Files.readAllBytes(dataFile(shared.resolve("in")));
    corpus = damagedCopy("truncated", Arrays.copyOf(whole, whole.length - 20));
    JobRun run = embed();
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot read Parquet file file:%s/b.parquet: ".formatted(corpus))
        .contains("is not a Parquet file");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void aFileWithoutTheTextIsNamed() throws IOException {
    corpus = folder.resolve("mixed");
    for (String column : List.of("text", "body")) {
      TestSpark.texts(List.of("Guten Morgen"), 1)
          .withColumnRenamed("text", column)
          .write()
          .parquet(corpus.resolve(column).toString());
    }
    Path other = dataFile(corpus.resolve("body"));
    for (List<String> order : List.of(List.of("text", "body"), List.of("body", "text"))) {
      JobRun run =
          JobRun.embed(
              folder,
              "--input",
              corpus.resolve(order.get(0)).toString(),
              corpus.resolve(order.get(1)).toString());
      assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
      assertThat(run.err())
          .last()
          .asString()
          .startsWith("spark-gbert: Cannot ")
          .contains("column 'text': ");
    }
    assertThat(
            JobRun.embed(folder, "--input", corpus + "/*", "--read-option=mergeSchema=true").err())
        .last()
        .asString()
        .isEqualTo(
            "spark-gbert: Cannot read column 'text': the file file:%s has no such column, found [id, body]"
                .formatted(other));
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anOutputThatExistsIsSaidWithTheWayOut() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("part-0.parquet"), "old");
    assertRefusedBesides(
        embed(),
        "Cannot write table: %s exists; choose another output or --mode overwrite".formatted(out));
    assertThat(out.resolve("part-0.parquet")).hasContent("old");
    assertThat(folder).isDirectoryContaining(path -> path.equals(out));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).as("nothing is left beside the table").containsExactly(out);
    }
  }

  @Test
  void aDirectoryThatIsNoTableIsNotOverwritten() throws IOException {
    Path out = Files.createDirectory(folder.resolve("out"));
    Files.writeString(out.resolve("diary.txt"), "mine");
    JobRun run = embed("--mode=overwrite");
    assertThat(errors(run))
        .containsExactly(
            "spark-gbert: Cannot overwrite file:%s: it is not a Parquet table, found diary.txt"
                .formatted(out));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(out.resolve("diary.txt")).hasContent("mine");
  }

  @Test
  void aBundleThatIsNotThereIsSaid() {
    Path none = folder.resolve("none");
    assertRefused(
        embed("--model=" + none),
        "Cannot open bundle %s: it needs a bundle.json, found no directory".formatted(none));
  }

  @Test
  void aDamagedBundleIsSaidWithFileAndChecksums() throws IOException {
    Path bundle = TinyModels.copy(folder.resolve("damaged"));
    Path model = bundle.resolve("model.onnx");
    byte[] bytes = Files.readAllBytes(model);
    String expected = Checksums.sha256(bytes);
    bytes[bytes.length / 2] ^= 1;
    Files.write(model, bytes);
    assertRefusedBesides(
        embed("--model=" + bundle),
        "Cannot open bundle %s: model.onnx is damaged, expected SHA-256 %s, found %s"
            .formatted(bundle, expected, Checksums.sha256(bytes)));
  }

  @Test
  void aModelThatNeedsAnotherInputIsSaid() throws IOException {
    Path bundle = TinyModels.wantingTokenTypes(folder.resolve("types"));
    JobRun run = embed("--model=" + bundle);
    assertThat(errors(run))
        .singleElement()
        .asString()
        .startsWith(
            "spark-gbert: Cannot use model %s/model.onnx: its graph needs the inputs"
                    .formatted(bundle)
                + " [input_ids, attention_mask], found [")
        .contains("token_type_ids");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void noGpuWhereOneIsDemandedIsSaid() {
    boolean hasDriver =
        Stream.of("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg")
            .anyMatch(path -> Files.exists(Path.of(path)));
    if (hasDriver) {
      System.out.println(
          "Skipped noGpuWhereOneIsDemandedIsSaid: this machine has an NVIDIA driver");
    }
    assumeThat(hasDriver).isFalse();
    JobRun run = embed("--device=cuda");
    assertThat(errors(run))
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot use CUDA: ")
        .containsPattern("no NVIDIA driver found|needs Linux or Windows");
    assertThat(run.code()).isIn(Main.FAILED, Main.WRONG_USAGE);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aStackTraceFollowsOnlyWhenAskedFor() {
    JobRun quiet = embed("--text-column=body");
    JobRun verbose = embed("--text-column=body", "--verbose");
    assertThat(quiet.err()).hasSize(1);
    assertThat(verbose.err().get(0)).isEqualTo(quiet.err().get(0));
    assertThat(verbose.err()).anyMatch(line -> line.startsWith("\tat org.sparkgbert."));
  }

  private JobRun embed(String... options) {
    String[] all =
        Stream.concat(Stream.of("--input=" + corpus), Stream.of(options)).toArray(String[]::new);
    return JobRun.embed(folder, all);
  }

  /** Lines that are no notes of progress. */
  private static List<String> errors(JobRun run) {
    return run.err().stream().filter(line -> !line.startsWith("Model tiny-")).toList();
  }

  private void assertRefused(JobRun run, String message) {
    assertRefusedBesides(run, message);
    assertThat(folder).isEmptyDirectory();
  }

  private static void assertRefusedBesides(JobRun run, String message) {
    assertThat(run.err()).containsExactly("spark-gbert: " + message);
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  private static Path damagedCopy(String name, byte[] second) throws IOException {
    Path directory = Files.createDirectory(shared.resolve(name));
    Files.copy(dataFile(shared.resolve("in")), directory.resolve("a.parquet"));
    Files.write(directory.resolve("b.parquet"), second);
    return directory;
  }

  private static Path dataFile(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }
}
