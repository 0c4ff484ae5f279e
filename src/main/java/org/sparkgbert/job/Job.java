package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/** A command: makes settings of what was typed, runs an action, and prints its result. */
interface Job {
  /** Its name. */
  String name();

  /** What it does, in a sentence. */
  String description();

  /** Its options. */
  List<Setting<?>> settings();

  /** What stands after the name without an option, if anything does. */
  default Optional<Setting<String>> argument() {
    return Optional.empty();
  }

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
