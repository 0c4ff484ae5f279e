package org.sparkgbert.job;

import java.util.List;
import org.apache.spark.util.SignalUtils;
import org.sparkgbert.enrich.FollowTrigger;
import org.sparkgbert.enrich.StopRequest;
import scala.Function0;

/**
 * Signals that end a job which would run for ever; they do not end its JVM, the job itself does.
 */
final class StopSignals {
  private static final List<String> NAMES = List.of("TERM", "INT");

  private StopSignals() {}

  /**
   * What a signal makes. Of a run that ends by itself, a signal ends the JVM as ever.
   *
   * @param trigger when the run looks for rows
   */
  static StopRequest of(FollowTrigger trigger) {
    StopRequest request = new StopRequest();
    if (trigger.interval().isPresent()) {
      Function0<Object> isHandled =
          () -> {
            // The signal's own thread must not wait for the run.
            new Thread(request::make, "spark-gbert-stop").start();
            return true;
          };
      NAMES.forEach(name -> SignalUtils.register(name, isHandled));
    }
    return request;
  }
}
