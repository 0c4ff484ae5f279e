package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed with -9 in the middle of writing leave the old table or the new. */
@Tag("long")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class KillIT {
  private static final long OLD_ROWS = 50;
  private static final long NEW_ROWS = 1_600;
  private static final Console QUIET =
      new Console(new PrintStream(OutputStream.nullOutputStream()), System.err);

  @TempDir private Path scratch;

  private Shell shell;
  private Path table;
  private String corpus;
  private String oldRun;

  @BeforeEach
  void writeOldTable() throws IOException {
    shell = Shell.in(scratch);
    table = scratch.resolve("tables/articles");
    corpus = GermanCorpus.write(scratch.resolve("corpus"), NEW_ROWS, SlowWrite.FILES);
    String old = GermanCorpus.write(scratch.resolve("old"), OLD_ROWS, 1);
    String[] embed = {
      "embed", "--input", old, "--output", table.toString(), "--model", GermanCorpus.TINY
    };
    assertThat(Main.run(embed, QUIET)).isZero();
    oldRun = GermanCorpus.runId(table.toString());
  }

  @Test
  void aKilledDriverLeavesTheOldTableAndTheNextRunSucceeds() throws IOException {
    SlowWrite write = new SlowWrite(shell, "local[2]", corpus, table);
    Random moments = new Random(20261123);
    for (int kill = 0; kill < 2; kill++) {
      try (SlowWrite.Run run = write.start()) {
        run.awaitFiles(1 + moments.nextInt(SlowWrite.FILES - 2));
        run.command().kill();
      }
      assertOldTable();
      assertThat(write.unpublished()).as("what the dead run left").hasSize(1);
    }
    assertNextRunSucceeds(write);
  }

  @Test
  void aSecondWriterIsRefusedUntilTheFirstIsDead() throws IOException {
    SlowWrite write = new SlowWrite(shell, "local[2]", corpus, table);
    try (SlowWrite.Run first = write.start()) {
      first.awaitFiles(1);
      RunningCommand.signal("STOP", first.command().pid());
      try (SlowWrite.Run second = write.start()) {
        second
            .command()
            .await()
            .refusedWith(
                "Cannot write table: another run is writing it, process "
                    + first.command().pid()
                    + " on ");
      }
      assertThat(write.unpublished()).as("what the first run writes").hasSize(1);
      first.command().kill();
    }
    assertOldTable();
    assertNextRunSucceeds(write);
  }

  /** From another process namespace nobody sees whether the first one lives, as on another host. */
  @Test
  void aWriterThatStoodStillElsewhereDoesNotPublishOverItsSuccessor() throws IOException {
    String[] elsewhere = {"unshare", "--pid", "--fork", "--kill-child"};
    List<String> probe = new ArrayList<>(List.of(elsewhere));
    probe.add("true");
    assumeThat(canRun(probe)).as("can run %s", probe).isTrue();
    SlowWrite write = new SlowWrite(shell, "local[2]", corpus, table);
    try (SlowWrite.Run first = write.start(elsewhere)) {
      first.awaitFiles(3);
      first.command().signalJvms("STOP");
      try (SlowWrite.Run second = write.start()) {
        second.command().await().succeeded();
      }
      String secondRun = GermanCorpus.runId(table.toString());
      assertThat(secondRun).isNotEqualTo(oldRun);
      first.command().signalJvms("CONT");
      RunningCommand.Outcome outcome = first.command().await();
      assertThat(outcome.code()).as(outcome.err()).isEqualTo(Main.FAILED);
      assertThat(GermanCorpus.runId(table.toString())).isEqualTo(secondRun);
      GermanCorpus.assertEmbedded(table.toString(), NEW_ROWS);
      assertThat(write.publication()).as("what both runs left").doesNotExist();
    }
  }

  private boolean canRun(List<String> command) {
    try {
      return shell.run(command).code() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }

  @Test
  void executorsAndDriversOfAClusterMayBeKilled() throws IOException {
    try (StandaloneCluster cluster = StandaloneCluster.start(scratch)) {
      SlowWrite write = new SlowWrite(shell, cluster.url(), corpus, table);
      try (SlowWrite.Run run = write.start()) {
        run.awaitFiles(3);
        run.command().kill();
      }
      assertOldTable();
      // Executors of the dead driver may write for a moment still.
      try (SlowWrite.Run run = write.start()) {
        run.awaitFiles(4);
        RunningCommand.signal("KILL", cluster.executors().get(0));
        assertThat(run.command().await().succeeded().err()).contains("Lost executor");
      }
      GermanCorpus.assertEmbedded(table.toString(), NEW_ROWS);
    }
  }

  private void assertOldTable() {
    assertThat(GermanCorpus.runId(table.toString())).isEqualTo(oldRun);
    GermanCorpus.assertEmbedded(table.toString(), OLD_ROWS);
  }

  private void assertNextRunSucceeds(SlowWrite write) throws IOException {
    try (SlowWrite.Run run = write.start()) {
      run.command().await().succeeded();
    }
    GermanCorpus.assertEmbedded(table.toString(), NEW_ROWS);
    assertThat(write.publication()).as("what dead runs left").doesNotExist();
    assertThat(table.getParent()).isDirectoryNotContaining(path -> !path.equals(table));
  }
}
