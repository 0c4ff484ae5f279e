package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.sparkgbert.ChildJvm;
import org.sparkgbert.embed.CountTexts;

/** Runs of one command, each in a process of its own that is killed with -9 while it encodes. */
final class KilledRuns {
  /** Tasks at once. */
  static final int CORES = 2;

  /** Share of what is still to be encoded after which a process is killed. */
  private static final double MOMENT = 0.6;

  private final Path folder;
  private final List<String> command;
  private final LongSupplier left;
  private long saved;

  /**
   * @param folder where output goes
   * @param command a subcommand that runs with the tiny model
   * @param left tells how many texts dead runs finished
   */
  KilledRuns(Path folder, List<String> command, LongSupplier left) {
    this.folder = folder;
    this.command = command;
    this.left = left;
  }

  /** How many texts they finished, all together. */
  long saved() {
    return saved;
  }

  /**
   * Starts and kills several, one after the other.
   *
   * @param texts how many an uninterrupted run encodes
   * @return how many they encoded, finished or lost, all together
   */
  long kill(int kills, long texts) throws IOException {
    long encoded = 0;
    for (int kill = 0; kill < kills; kill++) {
      long missing = texts - saved;
      encoded += kill("run-" + kill, Math.round(MOMENT * missing));
      long before = saved;
      saved = left.getAsLong();
      assertThat(saved).as("texts that are saved").isBetween(before + 1, before + missing - 1);
    }
    return encoded;
  }

  private long kill(String name, long moment) throws IOException {
    Path count = folder.resolve(name + ".count");
    Path output = folder.resolve(name + ".log");
    Process process = ChildJvm.of(arguments(count)).redirectOutput(output.toFile()).start();
    try (RunningCommand run = new RunningCommand(process, name, output, output)) {
      Poll.until(
          () -> !run.isAlive() || CountTexts.read(count) >= moment,
          () -> "%d of %d texts; %s".formatted(CountTexts.read(count), moment, run.output()));
      run.kill();
    }
    return CountTexts.read(count);
  }

  private List<String> arguments(Path count) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-Xmx1g",
                "-Dspark.master=local[" + CORES + "]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.driver.bindAddress=127.0.0.1"));
    arguments.addAll(List.of(CountTexts.options(count)));
    arguments.add(Main.class.getName());
    arguments.addAll(command);
    arguments.addAll(List.of("--model", GermanCorpus.TINY, "--device", "cpu"));
    return arguments;
  }
}
