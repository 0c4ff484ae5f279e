package org.sparkgbert.corpus;

import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Spark's errors in one line. */
public final class SparkErrors {
  private SparkErrors() {}

  /**
   * An error of the user's input, if Spark reports one; any other error as it is.
   *
   * @param what what could not be done
   */
  static RuntimeException asBadInput(String what, Exception error) {
    if (error instanceof AnalysisException || error instanceof SparkThrowable) {
      return new IllegalArgumentException(what + ": " + oneLine(error), error);
    }
    return error instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(what + ": " + oneLine(error), error);
  }

  /**
   * The first line of an error's message that says anything, without the position that follows it.
   */
  public static String oneLine(Throwable error) {
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    return message
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse(error.toString())
        .replaceAll(" ?SQLSTATE: .*$", "");
  }
}
