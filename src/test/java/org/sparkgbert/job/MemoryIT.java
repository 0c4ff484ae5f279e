package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Memory is bounded by the window, whatever the length of the partition. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read from /proc")
class MemoryIT {
  /**
   * All of the heap is resident from the start, so that what grows is not the heap's own choice;
   * and what lives in it is told by frequent full collections.
   */
  private static final String HEAP =
      "-XX:+UseG1GC -Xms1g -XX:+AlwaysPreTouch"
          + " -XX:G1PeriodicGCInterval=500 -XX:-G1PeriodicGCInvokesConcurrent";

  private static final double MOST_GROWTH = 1.25;
  private static final long PERIOD_MILLIS = 100;
  private static final Pattern COLLECTION = Pattern.compile("Pause Full .*->(\\d+)M\\(");

  @TempDir private Path scratch;

  @Test
  void aLongPartitionNeedsNoMoreMemoryThanAShortOne() throws Exception {
    assertMemoryDoesNotGrow(100_000);
  }

  @Tag("long")
  @Test
  void neitherDoesOneOfHalfAMillionRows() throws Exception {
    assertMemoryDoesNotGrow(500_000);
  }

  private void assertMemoryDoesNotGrow(long rows) throws Exception {
    String corpus = GermanCorpus.write(scratch.resolve("corpus"), rows, 1);
    Path table = scratch.resolve("table");
    Path collections = scratch.resolve("gc.log");
    String options =
        "%s -Xlog:gc:file=%s -Djava.io.tmpdir=%s/tmp".formatted(HEAP, collections, scratch);
    Shell shell = Shell.in(scratch).with("SPARK_SUBMIT_OPTS", options);
    List<Long> kilobytes;
    int collectionsAtStart;
    try (RunningCommand run =
        shell.start(
            "jobs/embed.sh",
            "--master",
            "local[2]",
            "--driver-memory",
            "1g",
            // Parquet holds a row group in memory, by default 128 MB.
            "--conf",
            "spark.hadoop.parquet.block.size=1048576",
            "--",
            "--input",
            corpus,
            "--partitions",
            "keep",
            "--model",
            GermanCorpus.TINY,
            "--output",
            table.toString())) {
      Path publication = table.resolveSibling(".table.publish");
      Poll.until(() -> Files.exists(publication) || !run.isAlive(), run::output);
      collectionsAtStart = liveMegabytes(collections).size();
      kilobytes = sampleWhile(() -> run.isAlive() && Files.exists(publication), run.pid());
      run.await().succeeded();
    }
    GermanCorpus.assertEmbedded(table.toString(), rows);
    assertNoGrowth("Resident memory, kB", rows, kilobytes);
    List<Long> live = liveMegabytes(collections);
    assertNoGrowth("Live heap, MB", rows, live.subList(collectionsAtStart, live.size()));
  }

  private static void assertNoGrowth(String what, long rows, List<Long> samples) {
    long early = median(samples, 0.3, 0.5);
    long late = median(samples, 0.8, 1);
    System.out.printf("%s, of %,d rows: %,d early, %,d late%n", what, rows, early, late);
    assertThat((double) late / early).as("growth of %s: %s", what, samples).isLessThan(MOST_GROWTH);
  }

  private static List<Long> liveMegabytes(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .map(COLLECTION::matcher)
        .filter(Matcher::find)
        .map(matcher -> Long.valueOf(matcher.group(1)))
        .toList();
  }

  private static List<Long> sampleWhile(BooleanSupplier isWriting, long pid)
      throws IOException, InterruptedException {
    Path status = Path.of("/proc/" + pid + "/status");
    List<Long> kilobytes = new ArrayList<>();
    while (isWriting.getAsBoolean()) {
      Files.readString(status)
          .lines()
          .filter(line -> line.startsWith("VmRSS:"))
          .forEach(line -> kilobytes.add(Long.parseLong(line.replaceAll("\\D", ""))));
      TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
    }
    return kilobytes;
  }

  private static long median(List<Long> samples, double from, double to) {
    List<Long> part =
        samples.subList((int) (from * samples.size()), (int) (to * samples.size())).stream()
            .sorted()
            .toList();
    assertThat(part).as("samples").hasSizeGreaterThan(2);
    return part.get(part.size() / 2);
  }
}
