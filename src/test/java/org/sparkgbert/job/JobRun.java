package org.sparkgbert.job;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.TestSpark;

/**
 * A job that ran inside this JVM.
 *
 * @param code its exit code
 * @param out lines of standard output
 * @param err lines of standard error, without those that a slow machine prints about its progress
 */
record JobRun(int code, List<String> out, List<String> err) {

  /** A line about the progress of a job, which is printed every half minute. */
  static final String PROGRESS = ".+, (\\d+:\\d\\d:\\d\\d( left)?|time left unknown)";

  /** Runs a command line, in the session that tests share. */
  static JobRun of(String... args) {
    TestSpark.session();
    return withoutSpark(args);
  }

  /** Runs a command line that should not get as far as Spark. */
  static JobRun withoutSpark(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            args,
            new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)));
    List<String> errors =
        lines(err).stream().filter(line -> !line.matches(JobRun.PROGRESS)).toList();
    return new JobRun(code, lines(out), errors);
  }

  /** Embeds {@code in} to {@code out} of a folder with the tiny model, unless options say else. */
  static JobRun embed(Path folder, String... options) {
    return of(embedArguments(folder, options));
  }

  /** The arguments of {@link #embed}. */
  static String[] embedArguments(Path folder, String... options) {
    return arguments("embed", folder, options);
  }

  /** Scores pairs in {@code in} of a folder as {@link #embed} embeds. */
  static JobRun sts(Path folder, String... options) {
    return of(stsArguments(folder, options));
  }

  /** The arguments of {@link #sts}. */
  static String[] stsArguments(Path folder, String... options) {
    return arguments("sts", folder, options);
  }

  private static String[] arguments(String job, Path folder, String... options) {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("--input", folder.resolve("in").toString());
    defaults.put("--output", folder.resolve("out").toString());
    defaults.put("--model", TinyModels.tiny().toString());
    defaults.put("--device", "cpu");
    if (Arrays.stream(options).anyMatch(option -> option.matches("--embeddings(=.*)?"))) {
      // Nothing is encoded.
      defaults.keySet().removeAll(List.of("--model", "--device"));
    }
    for (String option : options) {
      defaults.remove(option.replaceAll("=.*", ""));
    }
    List<String> args = new ArrayList<>(List.of(job));
    defaults.forEach((key, value) -> args.addAll(List.of(key, value)));
    args.addAll(List.of(options));
    return args.toArray(String[]::new);
  }

  /** All that was printed. */
  String output() {
    return String.join("\n", out);
  }

  private static List<String> lines(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
