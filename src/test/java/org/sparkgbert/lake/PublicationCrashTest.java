package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kills a run before each change that it makes on disk, and lets another run find what is left. */
class PublicationCrashTest {
  @TempDir Path folder;

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @ParameterizedTest
  @CsvSource({
    "true, OVERWRITE, none",
    "true, OVERWRITE, next-run",
    "true, ERROR, next-run",
    "false, OVERWRITE, next-run",
    "false, ERROR, none"
  })
  void whereverARunDiesTheNextOneFindsAWholeTable(boolean replaces, WriteMode next, String keep)
      throws IOException {
    KeepOld keepOld = KeepOld.TYPE.parser().apply(List.of(keep));
    List<String> outcomes = new ArrayList<>();
    for (int step = 0; step < KilledRun.MOST_STEPS; step++) {
      Path lake = Files.createDirectory(folder.resolve("lake-" + step));
      Path target = lake.resolve("table");
      if (replaces) {
        FakeTable.write(target, "old");
      }
      boolean finished = runKilledAt(step, target, keepOld);
      KilledRun.markDead(lake.resolve(".table.publish"));
      outcomes.add(found(target, next, replaces ? "old" : "none"));
      if (next == WriteMode.OVERWRITE) {
        assertThat(FakeTable.visible(lake))
            .as("left of a run killed before step %d", step)
            .isSubsetOf("table");
      }
      if (finished) {
        break;
      }
    }
    String before = replaces ? "old" : "none";
    assertThat(outcomes).hasSizeGreaterThan(10).startsWith(before).endsWith("new");
    assertThat(outcomes.lastIndexOf(before)).isLessThan(outcomes.indexOf("new"));
  }

  @Test
  void aRunThatDiesWhileItMendsIsMendedToo() throws IOException {
    for (int step = 0; step < KilledRun.MOST_STEPS; step++) {
      Path lake = Files.createDirectory(folder.resolve("lake-" + step));
      Path target = lake.resolve("table");
      Path work = Files.createDirectory(lake.resolve(".table.publish"));
      FakeTable.write(work.resolve("old-dead"), "old");
      FakeTable.write(work.resolve("new-dead"), "dead");
      boolean finished = runKilledAt(step, target, KeepOld.NONE);
      KilledRun.markDead(lake.resolve(".table.publish"));
      assertThat(found(target, WriteMode.OVERWRITE, "none")).isIn("dead", "new");
      if (finished) {
        return;
      }
    }
    throw new AssertionError("The run never ended");
  }

  @Test
  void aSwapWhoseNewTableIsIncompleteGoesBack() throws IOException {
    Path target = folder.resolve("table");
    Path work = Files.createDirectory(folder.resolve(".table.publish"));
    FakeTable.write(work.resolve("old-dead"), "old");
    FakeTable.write(work.resolve("new-dead"), "dead");
    Files.delete(work.resolve("new-dead").resolve(RunManifest.FILE));
    assertThat(found(target, WriteMode.OVERWRITE, "none")).isEqualTo("old");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  /** Overwrites a table; false if the run did not live to its end. */
  private static boolean runKilledAt(int step, Path target, KeepOld keepOld) throws IOException {
    return KilledRun.at(
        step,
        self -> {
          try (Publication publication =
              Publication.begin(
                  "faulty:" + target,
                  WriteMode.OVERWRITE,
                  keepOld,
                  self,
                  FaultyFileSystem.configuration(),
                  Duration.ofMillis(1))) {
            FakeTable.write(publication.files(), publication.staging(), "new");
            publication.commit();
          }
        });
  }

  /** The table that a next run finds, mended, when it begins and gives up. */
  private static String found(Path target, WriteMode mode, String before) throws IOException {
    try (Publication next =
        Publication.begin(
            target.toString(),
            mode,
            KeepOld.NONE,
            LeaseHolder.self("next"),
            new Configuration(),
            Duration.ofMillis(1))) {
      assertThat(FakeTable.visible(target.resolveSibling(".table.publish").resolve("new-next")))
          .containsExactly(Publication.MARK);
      assertThat(FakeTable.runOf(target)).isIn(before, "new", "dead", "old");
      assertThat(next.staging().getName()).isEqualTo("new-next");
    } catch (IllegalArgumentException refused) {
      assertThat(mode).isEqualTo(WriteMode.ERROR);
      assertThat(refused).hasMessageContaining("exists; choose another output");
    }
    return FakeTable.runOf(target);
  }
}
