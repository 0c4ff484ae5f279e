package org.sparkgbert.action;

import java.util.OptionalLong;

/**
 * Listens to the progress of an action.
 *
 * <p><b>Threads:</b> called by the action's thread, by Spark's listener threads, and by those of
 * downloads.
 */
public interface Progress {
  /** Ignores everything. */
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
   * @param done number of rows done so far
   * @param total number of rows of the stage, if known
   */
  default void rows(long done, OptionalLong total) {}

  /**
   * Steps of the stage that are done.
   *
   * @param done number of steps done so far
   * @param total number of steps of the stage
   * @param noun what a step is, such as {@code run}
   */
  default void steps(long done, long total, String noun) {}

  /**
   * The same, with what a step tells of itself.
   *
   * @param detail such as {@code loss 0.0312}
   */
  default void steps(long done, long total, String noun, String detail) {
    steps(done, total, noun);
  }

  /**
   * Bytes of the stage that are done.
   *
   * @param done number of bytes done so far
   * @param total number of bytes of the stage
   */
  default void bytes(long done, long total) {}

  /** The stage that began last has ended, successfully or not. */
  default void end() {}
}
