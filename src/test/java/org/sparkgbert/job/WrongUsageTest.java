package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.model.Version;

/** What a command line, or a file with settings, can have wrong before anything is read. */
class WrongUsageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --mode                | replace | Cannot run: --mode must be error or overwrite, found 'replace'
          --normalize-unicode   | nfd     | Cannot run: --normalize-unicode must be nfc or none, found 'nfd'
          --long-text           | split   | Cannot run: --long-text must be cut or chunks, found 'split'
          --device              | gpu     | Cannot run: --device must be auto, cpu or cuda, found 'gpu'
          --gpu-arena           | huge    | Cannot run: --gpu-arena must be next_power_of_two or same_as_requested, found 'huge'
          --dedupe              | ''      | Cannot run: --dedupe must be true or false, found ''
          --dedupe              | maybe   | Cannot run: --dedupe must be true or false, found 'maybe'
          --files               | two     | Cannot run: --files must be a whole number, found 'two'
          --files               | -1      | Cannot run: --files must be at least 0, found -1
          --files               | 3000000000 | Cannot run: --files must be a whole number, found '3000000000'
          --max-characters      | 1.5     | Cannot run: --max-characters must be a whole number, found '1.5'
          --max-characters      | 0       | Cannot run: --max-characters must be at least 1, found 0
          --max-seq-length      | -1      | Cannot run: --max-seq-length must be at least 0, found -1
          --token-budget        | -1      | Cannot run: --token-budget must be at least 0, found -1
          --window-rows         | 0       | Cannot run: --window-rows must be at least 1, found 0
          --threads             | -1      | Cannot run: --threads must be at least 0, found -1
          --threads             | 1025    | Cannot run: --threads must be at most 1024, found 1025
          --summary-json        | src     | Cannot run: --summary-json must be a file that can be written, found src
          --summary-json        | /proc/none/s.json | Cannot run: --summary-json must be a file that can be written, found /proc/none/s.json
          --max-failed          | few     | Cannot run: --max-failed must be a number, found 'few'
          --max-failed          | 1.01    | Cannot run: --max-failed must be from 0 to 1, found 1.01
          --max-failed          | -0.1    | Cannot run: --max-failed must be from 0 to 1, found -0.1
          --max-failed          | NaN     | Cannot run: --max-failed must be from 0 to 1, found NaN
          --target-file-size    | big     | Cannot run: --target-file-size must be a size such as 256m, found 'big'
          --target-file-size    | -5m     | Cannot run: --target-file-size must be a size such as 256m, found '-5m'
          --gpu-memory-limit    | 8x      | Cannot run: --gpu-memory-limit must be a size such as 256m, found '8x'
          --partitions          | 0       | Cannot run: --partitions must be auto, keep or a positive number, found '0'
          --partitions          | many    | Cannot run: --partitions must be auto, keep or a positive number, found 'many'
          --read-option         | header  | Cannot run: --read-option must be KEY=VALUE, found 'header'
          --input               | ' '     | Cannot run: --input must not be blank, found ' '
          --output              | ''      | Cannot run: --output must not be blank, found ''
          --text-column         | ''      | Cannot run: --text-column must not be blank, found ''
          --embedding-column    | ' '     | Cannot run: --embedding-column must not be blank, found ' '
          --model               | ''      | Cannot run: --model must not be blank, found ''
          """)
  void aValueOutOfRangeIsSaid(String option, String value, String message) {
    assertRefused(
        JobRun.withoutSpark(JobRun.embedArguments(folder, option + "=" + value)), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          embed --output o --mdoe overwrite               | Cannot run: unknown option --mdoe, did you mean --mode?
          embed --master local[1] --input i --output o    | Cannot run: --master is an option of Spark: these stand before --, those of the job after it
          embed --conf=a=b --input i --output o           | Cannot run: --conf is an option of Spark: these stand before --, those of the job after it
          sts --input i --output o --gold-column g --resamples 2000000000 | Cannot run: --resamples must be at most 1000000, found 2000000000
          bench --output /proc/none                       | Cannot run: --output must be a file that can be written, found /proc/none/bench.json
          verify-model src --threads 100000               | Cannot run: --threads must be at most 1024, found 100000
          embed --inptu i --output o                      | Cannot run: unknown option --inptu, did you mean --input?
          embed --output o --input i --partition-bye lang | Cannot run: unknown option --partition-bye, did you mean --partition-by?
          embed --input i --outptu o                      | Cannot run: unknown option --outptu, did you mean --output?
          embed --output o stray --input i                | Cannot run: unexpected argument 'stray'; see --help
          embed --output o                                | Cannot run: Missing required option: '--input=PATH...'
          embed --input i                                 | Cannot run: Missing required option: '--output=TABLE'
          embed --input --output o                        | Cannot run: Missing required parameter for option '--input' (PATH)
          embed --input i --output o --mode error --mode overwrite | Cannot run: --mode may be given only once
          embed --input i --output o --config none.properties | Cannot read settings file none.properties: there is no such file
          embed --input i --output o --colour red          | Cannot run: unknown option --colour; see --help
          embed --input i --output o --window 12           | Cannot run: unknown option --window, did you mean --window-rows?
          weather --input i                               | Cannot run: unknown job 'weather'; see --help
          embde --input i                                 | Cannot run: unknown job 'embde', did you mean embed?
          --verison                                       | Cannot run: unknown option --verison, did you mean --version?
          ''                                              | Cannot run: Missing required subcommand
          check                                           | Cannot run: Missing required parameter: 'TABLE'
          check --sampel 3 t                              | Cannot run: unknown option --sampel, did you mean --sample?
          check --sample few t                            | Cannot run: --sample must be a whole number, found 'few'
          check --sample -1 t                             | Cannot run: --sample must be at least 0, found -1
          quickstart                                      | Cannot run: Missing required option: '--dir=DIR'
          """)
  void aWrongCommandLineIsSaid(String arguments, String message) {
    String[] args = arguments.isEmpty() ? new String[0] : arguments.split(" +", -1);
    assertRefused(JobRun.withoutSpark(args), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id,text\n1,Hallo\n",
        "{\"text\": \"Hallo\"}\n",
        "{\"run_id\": \"r\"}",
        "mode = error\n"
      })
  void aFileThatIsNoSummaryIsNotReplacedByOne(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("kept"), content);
    assertRefused(
        JobRun.withoutSpark(JobRun.embedArguments(folder, "--summary-json=" + file)),
        "Cannot write summary: %s exists and is no summary; choose another file".formatted(file));
    assertThat(file).hasContent(content);
  }

  @Test
  void aSummaryDoesNotTakeThePlaceOfAPartOfATable() throws IOException {
    Files.writeString(folder.resolve("_embedding_run.json"), "{}");
    Path file =
        Files.writeString(
            folder.resolve("quality.json"), "{\"run_id\": \"r\", \"scanned_rows\": 1}");
    assertRefused(
        JobRun.withoutSpark(JobRun.embedArguments(folder, "--summary-json=" + file)),
        "Cannot write summary: %s exists and is no summary; choose another file".formatted(file));
  }

  @ParameterizedTest
  @CsvSource({
    "in/summary.json, in/summary.json lies in the input file:%1$s/in",
    "out/summary.json, out/summary.json lies in the output %1$s/out",
    "out, out is the output %1$s/out"
  })
  void aSummaryLiesInNoInputOrOutput(String file, String reason) throws IOException {
    Path input = Files.createDirectory(folder.resolve("in"));
    JobRun run = JobRun.embed(folder, "--summary-json=" + folder.resolve(file));
    assertThat(run.err())
        .last()
        .isEqualTo(
            "spark-gbert: Cannot write summary: file:%s/%s; choose another place for it"
                .formatted(folder, reason.formatted(folder)));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(input).isEmptyDirectory();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"in, is", "in/e, lies in", "., holds"})
  void anEvaluationIsNotWrittenToTheInput(String directory, String relation) throws IOException {
    Path input = Files.createDirectory(folder.resolve("in"));
    Path place = folder.resolve(directory);
    JobRun run = JobRun.sts(folder, "--gold-column=g", "--evaluation=" + place);
    assertThat(run.err())
        .last()
        .asString()
        .startsWith("spark-gbert: Cannot write evaluation: ")
        .endsWith(" %s the input file:%s; choose another place for it".formatted(relation, input));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(input).isEmptyDirectory();
  }

  @Test
  void filesAndTheirSizeExcludeEachOther() {
    assertRefused(
        JobRun.withoutSpark(
            JobRun.embedArguments(folder, "--files", "1", "--target-file-size", "1m")),
        "Cannot run: give --files or --target-file-size, found both");
  }

  @Test
  void aSizeBeyondAllNumbersIsRefused() {
    assertRefused(
        JobRun.withoutSpark(JobRun.embedArguments(folder, "--target-file-size", "99999999999999g")),
        "Cannot run: --target-file-size must be a size such as 256m, found '99999999999999g'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          master=local       | unknown key 'master'
          tokn-budget=12     | unknown key 'tokn-budget', did you mean 'token-budget'?
          config=other       | unknown key 'config', did you mean 'config'?
          mode.x=error       | unknown key 'mode.x', did you mean 'mode'?
          read-option=header | unknown key 'read-option', did you mean 'read-option.KEY'?
          """)
  void aKeyThatIsNoOptionIsSaid(String line, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("s.properties"), line + "\n");
    String wanted =
        line.startsWith("config=")
            ? "Cannot use settings file %s: unknown key 'config'".formatted(file)
            : "Cannot use settings file %s: %s".formatted(file, reason);
    JobRun run = withSettings(file);
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(run.err()).singleElement().asString().startsWith("spark-gbert: " + wanted);
  }

  @Test
  void aWrongValueInAFileReadsAsOnTheCommandLine() throws IOException {
    Path file = Files.writeString(folder.resolve("s.properties"), "mode = replace\n");
    assertRefused(
        withSettings(file), "Cannot run: --mode must be error or overwrite, found 'replace'");
  }

  @Test
  void aFileThatIsNotUtf8IsSaid() throws IOException {
    Path file = folder.resolve("latin1.properties");
    Files.write(file, new byte[] {'a', '=', (byte) 0xe4, '\n'});
    assertRefused(
        withSettings(file), "Cannot read settings file %s: it is not UTF-8".formatted(file));
  }

  @Test
  void aFileWithABrokenEscapeIsSaid() throws IOException {
    Path file = Files.writeString(folder.resolve("s.properties"), "where=\\u00zz\n");
    assertRefused(
        withSettings(file),
        "Cannot use settings file %s: Malformed \\uxxxx encoding., found 'where=\\u00zz'"
            .formatted(file));
  }

  @Test
  void aDirectoryIsNoFileWithSettings() {
    assertRefused(
        withSettings(folder), "Cannot read settings file %s: Is a directory".formatted(folder));
  }

  @Test
  void helpAndVersionAreNoErrors() {
    JobRun help = JobRun.withoutSpark("embed", "--help");
    JobRun version = JobRun.withoutSpark("--version");
    assertThat(List.of(help.code(), version.code())).containsOnly(Main.SUCCEEDED);
    assertThat(help.output())
        .contains("--max-failed")
        .contains("Maximum number of tokens per batch");
    assertThat(version.output()).isEqualTo("spark-gbert " + Version.CURRENT);
  }

  private JobRun withSettings(Path file) {
    return JobRun.withoutSpark(JobRun.embedArguments(folder, "--config", file.toString()));
  }

  private static void assertRefused(JobRun run, String message) {
    assertThat(run.err()).containsExactly("spark-gbert: " + message);
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }
}
