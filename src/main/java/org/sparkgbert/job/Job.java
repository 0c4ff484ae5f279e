package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/** A command: makes settings of what was typed, runs an action, and prints its result. */
interface Job {
  /** Its name. */
  String name();

  /** What it does, in a sentence. */
  String description();

  /** Its options, and what stands on its command line without one. */
  List<Setting<?>> settings();

  /**
   * Runs it.
   *
   * @return an exit code of {@link Main}
   */
  int run(Invocation invocation);

  /**
   * A command line that was understood.
   *
   * @param settings values of the options
   * @param words the words after the job's name, as they were typed
   * @param console where results and progress go
   */
  record Invocation(Settings settings, List<String> words, Console console) {}
}
