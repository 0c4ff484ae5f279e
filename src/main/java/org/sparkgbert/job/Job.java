package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.settings.Settings;

/** A command: turns the command line into settings, runs an action, and prints its result. */
interface Job {
  /** Its name. */
  String name();

  /** What it does, in one sentence. */
  String description();

  /** Its options and positional arguments, in groups for its help text. */
  List<SettingGroup> groups();

  /** A command line of it that works, without the job's name. */
  String example();

  /** How it is launched. */
  default String launcher() {
    return "jobs/" + name() + ".sh";
  }

  /** Whether its launcher passes options on to Spark. */
  default boolean usesSpark() {
    return true;
  }

  /** All its options and positional arguments. */
  default List<Setting<?>> settings() {
    return groups().stream().<Setting<?>>flatMap(group -> group.settings().stream()).toList();
  }

  /**
   * Runs it.
   *
   * @return an exit code of {@link Main}
   */
  int run(Invocation invocation);

  /**
   * A parsed command line.
   *
   * @param settings values of the options
   * @param words the words after the job's name, as typed
   * @param console where results and progress go
   */
  record Invocation(Settings settings, List<String> words, Console console) {}
}
