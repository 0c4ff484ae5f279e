package org.sparkgbert.job;

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
    Throwable reason = reason(error);
    String message = SparkErrors.oneLine(reason);
    console.error(message.startsWith("Cannot ") ? message : "Cannot run: " + message);
    if (command.getParseResult().hasMatchedOption("--verbose")) {
      console.note(ExceptionUtils.getStackTrace(error));
    }
    return isWrongInput(reason) ? Main.WRONG_USAGE : Main.FAILED;
  }

  /** Spark wraps what a task threw; the first error of our own is the most helpful one. */
  private static Throwable reason(Throwable error) {
    for (Throwable cause : ExceptionUtils.getThrowableList(error)) {
      if (isOurs(cause)) {
        return cause;
      }
    }
    return error;
  }

  /** Spark rejects some plans before they run, such as partitioning by vectors. */
  private static boolean isWrongInput(Throwable reason) {
    return reason instanceof IllegalArgumentException || reason instanceof AnalysisException;
  }

  private static boolean isOurs(Throwable error) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    return error instanceof DeviceException
        || error instanceof TooManyFailuresException
        || (message.startsWith("Cannot ") && error instanceof RuntimeException);
  }
}
