package org.sparkgbert.enrich;

import java.util.List;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.SparkErrors;

/**
 * Explains why a stream ended.
 *
 * @param corpus what it followed
 */
record UnfollowedChange(CorpusSource corpus) {
  /** What Iceberg and Delta say of commits that are no appends, or that they forgot. */
  private static final List<String> OTHER_THAN_APPENDED =
      List.of("streaming-skip-", "DELTA_SOURCE_TABLE_IGNORE_CHANGES", "DELTA_SOURCE_IGNORE_DELETE");

  private static final List<String> FORGOTTEN =
      List.of(
          "snapshot was expired or removed",
          "Cannot find snapshot older than",
          "DELTA_VERSION_NOT_FOUND",
          "DELTA_LOG_FILE_NOT_FOUND",
          "DELTA_CHANGE_DATA_FILE_NOT_FOUND",
          "failOnDataLoss");

  private static final String REMEDY =
      "run once without --follow, and then follow with a new --checkpoint";

  /** The error to throw instead: one of ours if there is one, else one that names the corpus. */
  RuntimeException explained(Exception error) {
    for (Throwable each : ExceptionUtils.getThrowableList(error)) {
      String message = String.valueOf(each.getMessage());
      boolean isOurs = each.getClass().getName().startsWith("java.lang.") || isOurClass(each);
      if (isOurs
          && message.startsWith("Cannot ")
          && !says(message, OTHER_THAN_APPENDED)
          && !says(message, FORGOTTEN)
          && each instanceof RuntimeException ours) {
        return ours;
      }
    }
    String all = ExceptionUtils.getStackTrace(error);
    if (says(all, OTHER_THAN_APPENDED)) {
      return new IllegalStateException(
          "Cannot follow %s: a commit there updated or deleted rows, which a stream of appended rows does not see; %s"
              .formatted(corpus.paths(), REMEDY),
          error);
    }
    if (says(all, FORGOTTEN)) {
      return new IllegalStateException(
          "Cannot follow %s: it does not know any more what changed since the last batch (%s); %s"
              .formatted(corpus.paths(), SparkErrors.oneLine(error), REMEDY),
          error);
    }
    return new IllegalStateException(
        "Cannot follow %s: %s".formatted(corpus.paths(), reason(error)), error);
  }

  /**
   * What the query says of itself tells nothing; of a file that cannot be read, the last cause
   * does.
   */
  private static String reason(Exception error) {
    List<Throwable> causes =
        ExceptionUtils.getThrowableList(error).stream()
            .filter(each -> !(each instanceof StreamingQueryException))
            .toList();
    if (causes.isEmpty()) {
      return SparkErrors.oneLine(error);
    }
    String first = SparkErrors.oneLine(causes.get(0));
    String last = SparkErrors.oneLine(causes.get(causes.size() - 1));
    return first.contains(last) ? first : first + ": " + last;
  }

  private static boolean isOurClass(Throwable error) {
    return error.getClass().getName().startsWith("org.sparkgbert.");
  }

  private static boolean says(String message, List<String> parts) {
    return parts.stream().anyMatch(message::contains);
  }
}
