package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.files.Directories;

/** A run that begins looks at what other runs have left, while these may end. */
class RunWorkTest {
  private static final LeaseHolder SELF = LeaseHolder.self("other");

  @TempDir Path folder;

  @BeforeEach
  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private RunWork begin() {
    return RunWork.begin(
        new org.apache.hadoop.fs.Path("faulty:" + folder.resolve("work")),
        "mine",
        FaultyFileSystem.configuration());
  }

  /** The work of a run whose process is gone. */
  private Path dead() throws IOException {
    Path dead = folder.resolve("work/run-dead");
    Files.createDirectories(dead.resolve("stage"));
    Files.writeString(dead.resolve("stage/vectors"), "kept");
    LeaseHolder holder =
        new LeaseHolder("dead", SELF.host(), SELF.processSpace(), SELF.pid(), "earlier", "then");
    Files.write(dead.resolve("claim-dead"), holder.toJson());
    return dead;
  }

  /** What another run does. */
  private interface Other {
    void run() throws IOException;
  }

  /** Lets another run act right before this one changes a file whose path ends so. */
  private static void before(String operation, String path, Other other) {
    FaultyFileSystem.follow(
        step -> {
          if (step.what().equals(operation) && step.path().toString().endsWith("/" + path)) {
            other.run();
          }
          return true;
        });
  }

  @Test
  void theWorkOfADeadRunIsTakenOver() throws IOException {
    Path dead = dead();
    try (RunWork work = begin()) {
      assertThat(work.takenOver()).hasSize(1);
      assertThat(Path.of(work.takenOver().get(0).toUri().getPath()).resolve("vectors"))
          .hasContent("kept");
      assertThat(dead).doesNotExist();
      work.finish();
    }
  }

  /** It deletes its directory, and with it the lease that this run has just taken there. */
  @Test
  void aRunThatEndsWhileItIsLookedAtIsLeftAlone() throws IOException {
    Path dead = dead();
    before("delete", "claim-dead", () -> Directories.delete(dead));
    try (RunWork work = begin()) {
      assertThat(work.takenOver()).isEmpty();
      assertThat(Path.of(work.directory().toUri().getPath())).isDirectory();
      assertThat(dead).doesNotExist();
      work.finish();
    }
    assertThat(folder.resolve("work")).doesNotExist();
  }

  /** Hadoop sets the mode of a new file on a local disk by a command, which has its own errors. */
  @Test
  void aRunThatEndsWhileItsLeaseIsTakenIsLeftAlone() throws IOException {
    Path dead = dead();
    before(
        "create",
        "run-dead/claim-mine",
        () -> {
          Directories.delete(dead);
          throw new IOException("chmod: cannot access claim-mine");
        });
    try (RunWork work = begin()) {
      assertThat(work.takenOver()).isEmpty();
      work.finish();
    }
    assertThat(folder.resolve("work")).doesNotExist();
  }

  @Test
  void whatIsEmptyGoesOnceNoRunIsAboutToUseIt() throws IOException {
    Path old = Files.createDirectories(folder.resolve("work/run-old"));
    Path young = Files.createDirectories(folder.resolve("work/run-young"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    try (RunWork work = begin()) {
      assertThat(work.takenOver()).isEmpty();
      assertThat(old).doesNotExist();
      assertThat(young).isDirectory();
      work.finish();
    }
  }

  @Test
  void workThatAnotherRunTakesOverMeanwhileIsLeftToIt() throws IOException {
    Path dead = dead();
    before("delete", "claim-dead", () -> Files.deleteIfExists(dead.resolve("claim-mine")));
    try (RunWork work = begin()) {
      assertThat(work.takenOver()).isEmpty();
      assertThat(dead.resolve("stage/vectors")).hasContent("kept");
      work.finish();
    }
    assertThat(dead.resolve("stage/vectors")).hasContent("kept");
  }
}
