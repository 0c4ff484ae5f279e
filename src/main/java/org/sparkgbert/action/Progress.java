package org.sparkgbert.action;

import java.util.OptionalLong;

/**
 * Hears how far an action has come.
 *
 * <p><b>Threads:</b> called by the action's thread, by Spark's listener threads, and by those of
 * downloads.
 */
public interface Progress {
  /** Hears nothing. */
  Progress NONE = new Progress() {};

  /** Something to know before work begins, such as what a model is for; one line. */
  default void note(String line) {}

  /**
   * A stage begins.
   *
   * @param stage what it does, such as {@code encode texts}
   */
  default void begin(String stage) {}

  /**
   * Rows of the stage that are done.
   *
   * @param done all so far
   * @param total rows of the stage, if that is known
   */
  default void rows(long done, OptionalLong total) {}

  /**
   * Bytes of the stage that are done.
   *
   * @param done all so far
   * @param total bytes of the stage
   */
  default void bytes(long done, long total) {}

  /** The stage that began last has ended, well or not. */
  default void end() {}
}
