package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  private static final Duration EXPIRY = Duration.ofMillis(1);

  /** For leases that must not be waited for. */
  private static final Duration NEVER = Duration.ofDays(1);

  private static final LeaseHolder SELF = LeaseHolder.self("other");

  @TempDir Path folder;
  private FileSystem files;

  @BeforeEach
  void openFileSystem() throws IOException {
    FaultyFileSystem.heal();
    files = directory().getFileSystem(FaultyFileSystem.configuration());
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private org.apache.hadoop.fs.Path directory() {
    return new org.apache.hadoop.fs.Path("faulty:" + folder);
  }

  private Lease acquire(Duration expiry) throws IOException {
    return Lease.acquire(files, directory(), LeaseHolder.self("mine"), expiry);
  }

  private Path put(LeaseHolder holder) throws IOException {
    return Files.write(folder.resolve("claim-" + holder.runId()), holder.toJson());
  }

  @Test
  void aLeaseTellsWhoMadeItAndGoesWhenItIsClosed() throws IOException {
    try (Lease lease = acquire(EXPIRY)) {
      assertThat(lease).isNotNull();
      LeaseHolder holder =
          LeaseHolder.parse(Files.readAllBytes(folder.resolve("claim-mine"))).orElseThrow();
      assertThat(holder.runId()).isEqualTo("mine");
      assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(holder.isAlive()).contains(true);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aLeaseIsWrittenAnewAsLongAsItIsHeld() throws Exception {
    CountDownLatch beats = new CountDownLatch(2);
    FaultyFileSystem.follow(
        step -> {
          if (step.is("create", "claim-mine")) {
            beats.countDown();
          }
          return true;
        });
    try (Lease lease = acquire(EXPIRY)) {
      assertThat(lease).isNotNull();
      assertThat(beats.await(1, TimeUnit.MINUTES)).as("it was written twice").isTrue();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aLeaseThatWasTakenIsLostForGood() throws Exception {
    try (Lease lease = acquire(EXPIRY)) {
      assertThat(lease.isHeld()).isTrue();
      byte[] claim = Files.readAllBytes(folder.resolve("claim-mine"));
      Files.delete(folder.resolve("claim-mine"));
      assertThat(lease.isHeld()).isFalse();
      Files.write(folder.resolve("claim-mine"), claim);
      assertThatThrownBy(lease::requireHeld)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "another run took the lease while this one stood still, faulty:%s/claim-mine is gone",
              folder);
    }
  }

  @Test
  void aLeaseThatIsGoneIsNotWrittenAnew() throws Exception {
    try (Lease lease = acquire(EXPIRY)) {
      Files.delete(folder.resolve("claim-mine"));
      TimeUnit.MILLISECONDS.sleep(Lease.HEARTBEAT.plusSeconds(1).toMillis());
      assertThat(folder).isEmptyDirectory();
      assertThat(lease.isHeld()).isFalse();
    }
  }

  @Test
  void aLeaseThatAnotherRunHoldsIsNotHeld() throws IOException {
    try (Lease lease = acquire(EXPIRY)) {
      Files.write(folder.resolve("claim-mine"), elsewhere().toJson());
      assertThat(lease.isHeld()).isFalse();
    }
  }

  @Test
  void aSecondWriterIsRefusedAndTakesItsLeaseBack() throws IOException {
    try (Lease first = Lease.acquire(files, directory(), LeaseHolder.self("first"), NEVER)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> acquire(NEVER))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot write table: another run is writing it, ")
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()))
          .hasMessageEndingWith("; wait until it ends");
      assertThat(FakeTable.visible(folder)).containsExactly("claim-first");
    }
  }

  @Test
  void theLeaseOfADeadProcessGoesAtOnce() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String started = child.info().startInstant().map(Object::toString).orElse("");
    child.waitFor();
    put(new LeaseHolder("dead", SELF.host(), SELF.processSpace(), child.pid(), started, "then"));
    try (Lease lease = acquire(NEVER)) {
      assertThat(lease).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  /** The shell's first child ends, and the sleep that takes the shell's place never asks how. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatEndedAndWasNotAskedForIsDead() throws Exception {
    Process parent =
        new ProcessBuilder("sh", "-c", "sleep 0.2 & echo $!; exec sleep 60")
            .redirectErrorStream(true)
            .start();
    try {
      long pid = Long.parseLong(parent.inputReader().readLine());
      ProcessHandle ended = ProcessHandle.of(pid).orElseThrow();
      String started = ended.info().startInstant().map(Object::toString).orElse("");
      LeaseHolder holder =
          new LeaseHolder("dead", SELF.host(), SELF.processSpace(), pid, started, "then");
      while (holder.isAlive().orElseThrow()) {
        Thread.sleep(50);
      }
      assertThat(ended.isAlive()).isTrue();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aWriterWaitsForAReaderThatHasDoneSoon() throws Exception {
    Path reader = folder.resolve("claim-reader-x");
    Files.write(reader, LeaseHolder.self("reader-x").toJson());
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> reader.toFile().delete(),
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
    try (Lease lease = acquire(NEVER)) {
      assertThat(lease.isHeld()).isTrue();
      assertThat(done).isDone();
    }
  }

  @Test
  void aProcessThatGotTheNumberOfADeadOneIsNotItsOwner() throws IOException {
    put(new LeaseHolder("dead", SELF.host(), SELF.processSpace(), SELF.pid(), "earlier", "then"));
    try (Lease lease = acquire(NEVER)) {
      assertThat(lease).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aLeaseFromAnotherHostThatBeatsIsRefused() throws IOException {
    put(elsewhere());
    FaultyFileSystem.letBeat("claim-other");
    assertThatThrownBy(() -> acquire(EXPIRY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another run is writing it")
        .hasMessageContaining("elsewhere.example");
    assertThat(FakeTable.visible(folder)).containsExactly("claim-other");
  }

  @Test
  void aLeaseFromAnotherHostThatStandsStillGoes() throws IOException {
    put(elsewhere());
    try (Lease lease = acquire(EXPIRY)) {
      assertThat(lease).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aProcessInAnotherContainerIsJudgedByItsBeat() throws IOException {
    put(
        new LeaseHolder(
            "other", SELF.host(), "pid:[1]", SELF.pid(), SELF.processStarted(), "then"));
    FaultyFileSystem.letBeat("claim-other");
    assertThatThrownBy(() -> acquire(EXPIRY)).hasMessageContaining("another run is writing it");
  }

  @Test
  void aLeaseThatIsBeingWrittenIsJudgedByItsBeat() throws IOException {
    Files.createFile(folder.resolve("claim-other"));
    FaultyFileSystem.letBeat("claim-other");
    assertThatThrownBy(() -> acquire(EXPIRY))
        .hasMessageContaining("another run is writing it")
        .hasMessageContaining("claim-other");
    FaultyFileSystem.letBeat("none");
    try (Lease lease = acquire(EXPIRY)) {
      assertThat(lease).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aLeaseWhoseChecksumIsWrongIsJudgedByItsBeat() throws IOException {
    FileSystem checked = FileSystem.getLocal(FaultyFileSystem.configuration());
    org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(folder.toUri());
    try (Lease torn = Lease.acquire(checked, directory, LeaseHolder.self("torn"), EXPIRY)) {
      assertThat(torn).isNotNull();
      Files.write(folder.resolve("claim-torn"), new byte[200]);
      try (Lease lease = Lease.acquire(checked, directory, LeaseHolder.self("mine"), EXPIRY)) {
        assertThat(lease).isNotNull();
        assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
      }
    }
  }

  @Test
  void whatIsNoLeaseDoesNotMatter() throws IOException {
    Files.createDirectory(folder.resolve("new-other"));
    Files.writeString(folder.resolve("notes"), "x");
    try (Lease lease = acquire(NEVER)) {
      assertThat(lease).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine", "new-other", "notes");
    }
  }

  private static LeaseHolder elsewhere() {
    return new LeaseHolder("other", "elsewhere.example", "", SELF.pid(), "then", "then");
  }
}
