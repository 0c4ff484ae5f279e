package org.sparkgbert.enrich;

import java.util.ArrayList;
import java.util.List;

/**
 * Asks a run that follows a corpus to end. What is in flight then is given up, and done by the next
 * run.
 *
 * <p><b>Threads:</b> safe.
 */
public final class StopRequest {
  private final List<Runnable> listeners = new ArrayList<>();
  private boolean isMade;

  /** Makes the request. */
  public void make() {
    List<Runnable> all;
    synchronized (this) {
      isMade = true;
      all = List.copyOf(listeners);
    }
    all.forEach(Runnable::run);
  }

  /** Whether it was made. */
  public synchronized boolean isMade() {
    return isMade;
  }

  /** Does something when it is made, or at once if it was. */
  void then(Runnable listener) {
    boolean isNow;
    synchronized (this) {
      isNow = isMade;
      listeners.add(listener);
    }
    if (isNow) {
      listener.run();
    }
  }
}
