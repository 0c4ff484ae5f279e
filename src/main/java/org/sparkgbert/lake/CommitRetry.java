package org.sparkgbert.lake;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.lang3.ClassUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.SparkErrors;

/**
 * Repeats commits to tables of Iceberg and Delta that lost against another writer's. What is
 * repeated must be harmless to repeat, since of some commits it is not known whether they happened.
 *
 * @param attempts maximum number of attempts
 * @param first about how long to wait after the first
 * @param longest maximum time to wait
 */
public record CommitRetry(int attempts, Duration first, Duration longest) {
  /** Waits some minutes in all, as long as a busy ingest needs to leave a gap. */
  public static final CommitRetry USUAL =
      new CommitRetry(12, Duration.ofMillis(300), Duration.ofSeconds(30));

  /** The formats' classes are not on our class path. */
  private static final Set<String> ICEBERG_CONFLICTS =
      Set.of(
          "org.apache.iceberg.exceptions.CommitFailedException",
          "org.apache.iceberg.exceptions.CommitStateUnknownException",
          "org.apache.iceberg.exceptions.ValidationException");

  private static final String DELTA_CONFLICT =
      "org.apache.spark.sql.delta.DeltaConcurrentModificationException";
  private static final String DELTA_SCHEMA_CHANGED = "[DELTA_SCHEMA_CHANGE";

  /**
   * Commits.
   *
   * @param what what is done, as in "Cannot merge into table T"
   * @param commit reads the table anew each time
   * @param progress is told of each conflict
   * @throws IllegalArgumentException if Spark refuses the commit
   * @throws IllegalStateException if all attempts lost, or the thread is interrupted
   */
  public void run(String what, Runnable commit, Progress progress) {
    for (int attempt = 1; ; attempt++) {
      try {
        commit.run();
        return;
        // Spark's analysis throws checked exceptions that it does not declare.
      } catch (Exception e) {
        if (!isConflict(e)) {
          throw e instanceof RuntimeException unchecked ? unchecked : refused(what, e);
        }
        if (attempt == attempts) {
          throw new IllegalStateException(
              "Cannot %s: other writers committed first, %d times in a row; run it again when there are fewer: %s"
                  .formatted(what, attempts, SparkErrors.oneLine(e)),
              e);
        }
        progress.note(
            "Another writer committed first; trying again to %s (%d of %d)"
                .formatted(what, attempt + 1, attempts));
        pause(what, attempt);
      }
    }
  }

  private static IllegalArgumentException refused(String what, Exception error) {
    return new IllegalArgumentException(
        "Cannot %s: %s".formatted(what, SparkErrors.oneLine(error)), error);
  }

  /** Whether an error says that another commit was in the way. */
  static boolean isConflict(Throwable error) {
    return ExceptionUtils.getThrowableList(error).stream().anyMatch(CommitRetry::saysConflict);
  }

  private static boolean saysConflict(Throwable error) {
    String message = String.valueOf(error.getMessage());
    return message.startsWith(DELTA_SCHEMA_CHANGED)
        || is(error, ICEBERG_CONFLICTS)
        || is(error, Set.of(DELTA_CONFLICT));
  }

  private static boolean is(Throwable error, Set<String> classes) {
    return classes.contains(error.getClass().getName())
        || ClassUtils.getAllSuperclasses(error.getClass()).stream()
            .anyMatch(each -> classes.contains(each.getName()));
  }

  /** Two that lost against each other must not meet again. */
  private void pause(String what, int attempt) {
    long most = Math.min(longest.toMillis(), first.toMillis() << Math.min(attempt - 1, 20));
    Pause.of(
        Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1)),
        "Cannot %s: it was stopped".formatted(what));
  }
}
