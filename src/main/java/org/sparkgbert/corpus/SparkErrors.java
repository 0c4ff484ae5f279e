package org.sparkgbert.corpus;

import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.sparkgbert.files.MissingFileSystem;

/** Errors of Spark, Hadoop and the JVM in one line. */
public final class SparkErrors {
  /** What Spark says of a failed task before the reason. */
  private static final Pattern LOST_TASK =
      Pattern.compile("^Job aborted due to stage failure: .*?: Lost task [^:]*\\): ");

  /** What runs the code of tasks, on every executor. */
  private static final String EXECUTOR = "org.apache.spark.executor.Executor";

  /** Messages that only say that there is a cause. */
  private static final Pattern WRAPPER =
      Pattern.compile("^(Job aborted|Exception thrown in awaitResult|Task failed).*");

  /** Spark's conditions that leave the reason to the cause. */
  private static final Pattern VAGUE = Pattern.compile("^\\[(TASK_WRITE_FAILED|[A-Z_.]*NO_HINT)]");

  /** The longest name of a file on the file systems that Spark writes to. */
  private static final int LONGEST_NAME = 255;

  private static final int SHOWN = 40;

  private SparkErrors() {}

  /**
   * An error of the user's input, if Spark finds one before it runs tasks; what fails in a task is
   * none.
   *
   * @param what what could not be done
   */
  public static RuntimeException asBadInput(String what, Exception error) {
    boolean isSparks = error instanceof AnalysisException || error instanceof SparkThrowable;
    if (isSparks && !isOfTask(error)) {
      return new IllegalArgumentException(what + ": " + oneLine(error), error);
    }
    return error instanceof RuntimeException unchecked && !isSparks
        ? unchecked
        : new IllegalStateException(what + ": " + oneLine(error), error);
  }

  /** Whether an error was thrown in a task, here or elsewhere. */
  public static boolean isOfTask(Throwable error) {
    return ExceptionUtils.getThrowableList(error).stream()
        .anyMatch(
            each ->
                LOST_TASK.matcher(firstLine(each)).find()
                    || List.of(each.getStackTrace()).stream()
                        .anyMatch(frame -> frame.getClassName().startsWith(EXECUTOR)));
  }

  /**
   * The first line of an error's message that says anything, the reason at the end of its causes,
   * and what helps, if that is known.
   */
  public static String oneLine(Throwable error) {
    List<Throwable> chain = ExceptionUtils.getThrowableList(error);
    Throwable root = chain.get(chain.size() - 1);
    String said =
        chain.stream()
            .map(SparkErrors::firstLine)
            .filter(line -> !WRAPPER.matcher(line).matches() || LOST_TASK.matcher(line).find())
            .findFirst()
            .orElseGet(() -> firstLine(error));
    said = withoutTask(said);
    String reason = withoutTask(firstLine(root));
    boolean saysAll =
        said.contains(reason) || (said.startsWith("[") && !VAGUE.matcher(said).find());
    String line = saysAll ? said : StringUtils.stripEnd(said, ". ") + ": " + reason;
    return tooLongName(line)
        .orElseGet(() -> remedy(line).map(help -> line + "; " + help).orElse(line));
  }

  private static String withoutTask(String line) {
    return LOST_TASK.matcher(line).replaceFirst("");
  }

  /** Names of classes tell more than messages that are only a name, or are missing. */
  private static String firstLine(Throwable error) {
    boolean isBare =
        StringUtils.isBlank(error.getMessage())
            || error instanceof FileSystemException
            || error instanceof UnknownHostException
            || error instanceof ClassNotFoundException
            || error instanceof Error;
    String name = error.getClass().getSimpleName();
    String message = StringUtils.defaultString(error.getMessage());
    String line = message.lines().filter(each -> !each.isBlank()).findFirst().orElse("");
    String said = isBare ? line.isEmpty() ? name : name + ": " + line : line;
    return said.replaceAll(" *SQLSTATE: .*$", "").strip();
  }

  /** What helps against an error whose message says only what happened. */
  private static Optional<String> remedy(String line) {
    if (line.contains("failed to map segment from shared object")) {
      return Optional.of(
          "native libraries cannot be loaded from a directory that is mounted noexec; name another"
              + " one: --driver-java-options -Djava.io.tmpdir=DIR -- before the job's options");
    }
    if (line.contains("OutOfMemoryError: Java heap space")
        || line.contains("GC overhead limit exceeded")) {
      return Optional.of(
          "give it more memory: --driver-memory and --executor-memory with -- before the job's"
              + " options, or JAVA_OPTS=-Xmx...");
    }
    if (line.contains("StackOverflowError")) {
      return Optional.of(
          "a condition or a plan is nested too deep; write it simpler, or give threads more stack:"
              + " --driver-java-options -Xss16m -- before the job's options");
    }
    if (line.contains("FAILED_READ_FILE.FILE_NOT_EXIST")) {
      return Optional.of(
          "the file vanished after the table was listed; if another run replaced the table"
              + " meanwhile, run this again");
    }
    if (line.contains("Unsupported encoding")) {
      return Optional.of(
          "Spark's other reader may know it: --conf spark.sql.parquet.enableVectorizedReader=false"
              + " -- before the job's options");
    }
    return MissingFileSystem.remedy(line);
  }

  private static Optional<String> tooLongName(String line) {
    Matcher made = Pattern.compile("Mkdirs failed to create (\\S+)").matcher(line);
    for (Path path = made.find() ? new Path(made.group(1)) : null;
        path != null;
        path = path.getParent()) {
      int length = path.getName().getBytes(StandardCharsets.UTF_8).length;
      if (length > LONGEST_NAME) {
        return Optional.of(
            "Cannot write: the name %s has %d bytes, and file systems take at most %d; partition by another column"
                .formatted(StringUtils.abbreviate(path.getName(), SHOWN), length, LONGEST_NAME));
      }
    }
    return Optional.empty();
  }
}
