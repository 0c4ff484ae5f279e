package org.sparkgbert.embed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings of calls that have nobody to tell but the log: each once in a JVM. */
final class LoggedOnce {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedOnce.class);
  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private LoggedOnce() {}

  static void warn(String warning) {
    if (LOGGED.add(warning)) {
      LOG.warn("{}", warning);
    }
  }
}
