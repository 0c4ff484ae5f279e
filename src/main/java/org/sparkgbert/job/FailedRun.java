package org.sparkgbert.job;

import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.AnalysisException;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.lake.TooManyFailuresException;
import org.sparkgbert.onnx.DeviceException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Reports a failed run in one line: exit code 2 for wrong input or settings, 1 for anything else.
 * With {@code --verbose}, the full stack trace follows.
 *
 * @param console where it is printed
 */
record FailedRun(Console console) implements CommandLine.IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    Throwable cause = error instanceof FatalError fatal ? fatal.getCause() : error;
    Optional<Throwable> ours =
        ExceptionUtils.getThrowableList(cause).stream().filter(FailedRun::isOurs).findFirst();
    String message = ours.map(Throwable::getMessage).orElseGet(() -> SparkErrors.oneLine(cause));
    console.error(message.startsWith("Cannot ") ? message : "Cannot run: " + message);
    if (command.getParseResult().hasMatchedOption("--verbose")) {
      console.note(ExceptionUtils.getStackTrace(cause));
    }
    return isWrongInput(ours.orElse(cause), cause) ? Main.WRONG_USAGE : Main.FAILED;
  }

  /**
   * Our own errors say by their type whether what the user typed or named cannot work. Of Spark's,
   * those are of that kind that come before any task runs, such as partitioning by vectors.
   */
  private static boolean isWrongInput(Throwable reason, Throwable error) {
    boolean isWrong =
        reason instanceof IllegalArgumentException || reason instanceof AnalysisException;
    return isWrong && (isOurs(reason) || !SparkErrors.isOfTask(error));
  }

  /** Spark wraps what a task threw; the first error of our own is the most helpful one. */
  private static boolean isOurs(Throwable error) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    return error instanceof DeviceException
        || error instanceof TooManyFailuresException
        || (message.startsWith("Cannot ") && error instanceof RuntimeException);
  }

  /** An error of the JVM, such as too little memory, in the form that picocli hands on. */
  static final class FatalError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FatalError(Error error) {
      super(error);
    }
  }
}
