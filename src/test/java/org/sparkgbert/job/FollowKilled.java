package org.sparkgbert.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.enrich.FollowSettings;
import org.sparkgbert.enrich.FollowSource;
import org.sparkgbert.enrich.StopRequest;

/** Follows a corpus in a JVM of its own until something happens, and kills it then. */
final class FollowKilled {
  /** Exit code of a process that was killed. */
  static final int KILLED = 137;

  private FollowKilled() {}

  /**
   * @param args the beginning of a note after which it dies, or {@code half} for when half of the
   *     texts are encoded; the warehouse; and settings
   */
  public static void main(String[] args) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 2; i < args.length; i++) {
      String[] pair = args[i].split("=", 2);
      settings.put(pair[0], pair[1]);
    }
    SparkSession spark = LakeSession.open(Path.of(args[1]));
    new FollowSource(FollowSettings.of(settings))
        .run(spark, new DyingProgress(args[0]), new StopRequest());
  }

  /**
   * Dies when it is told something.
   *
   * @param when what
   */
  private record DyingProgress(String when) implements Progress {
    @Override
    public void note(String line) {
      if (line.startsWith(when)) {
        die();
      }
    }

    @Override
    public void rows(long done, OptionalLong total) {
      if (when.equals("half") && total.isPresent() && 2 * done >= total.getAsLong()) {
        die();
      }
    }

    private static void die() {
      try {
        new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid()))
            .start()
            .waitFor();
        Thread.sleep(10_000);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("Cannot die", e);
      }
    }
  }
}
