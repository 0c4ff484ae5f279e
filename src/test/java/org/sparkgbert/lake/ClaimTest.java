package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {
  private static final Duration PATIENCE = Duration.ofMillis(1);

  /** For claims that must not be waited for. */
  private static final Duration NEVER = Duration.ofDays(1);

  private static final ClaimOwner SELF = ClaimOwner.self("other");

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

  private Claim make(Duration patience) throws IOException {
    return Claim.make(files, directory(), "mine", patience);
  }

  private Path put(ClaimOwner owner) throws IOException {
    return Files.write(folder.resolve("claim-" + owner.runId()), owner.toJson());
  }

  @Test
  void aClaimTellsWhoMadeItAndGoesWhenItIsClosed() throws IOException {
    try (Claim claim = make(PATIENCE)) {
      assertThat(claim).isNotNull();
      ClaimOwner owner =
          ClaimOwner.parse(Files.readAllBytes(folder.resolve("claim-mine"))).orElseThrow();
      assertThat(owner.runId()).isEqualTo("mine");
      assertThat(owner.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(owner.isAlive()).contains(true);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aClaimIsWrittenAnewAsLongAsItIsHeld() throws Exception {
    CountDownLatch beats = new CountDownLatch(2);
    FaultyFileSystem.follow(
        step -> {
          if (step.is("create", "claim-mine")) {
            beats.countDown();
          }
          return true;
        });
    try (Claim claim = make(PATIENCE)) {
      assertThat(claim).isNotNull();
      assertThat(beats.await(1, TimeUnit.MINUTES)).as("it was written twice").isTrue();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSecondWriterIsRefusedAndTakesItsClaimBack() throws IOException {
    try (Claim first = Claim.make(files, directory(), "first", NEVER)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> make(NEVER))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot write table: another run is writing it, ")
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining(String.valueOf(ProcessHandle.current().pid()))
          .hasMessageEndingWith("; wait until it ends");
      assertThat(FakeTable.visible(folder)).containsExactly("claim-first");
    }
  }

  @Test
  void theClaimOfADeadProcessGoesAtOnce() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String started = child.info().startInstant().map(Object::toString).orElse("");
    child.waitFor();
    put(new ClaimOwner("dead", SELF.host(), SELF.processSpace(), child.pid(), started, "then"));
    try (Claim claim = make(NEVER)) {
      assertThat(claim).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aProcessThatGotTheNumberOfADeadOneIsNotItsOwner() throws IOException {
    put(new ClaimOwner("dead", SELF.host(), SELF.processSpace(), SELF.pid(), "earlier", "then"));
    try (Claim claim = make(NEVER)) {
      assertThat(claim).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aClaimFromAnotherHostThatBeatsIsRefused() throws IOException {
    put(elsewhere());
    FaultyFileSystem.letBeat("claim-other");
    assertThatThrownBy(() -> make(PATIENCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another run is writing it")
        .hasMessageContaining("elsewhere.example");
    assertThat(FakeTable.visible(folder)).containsExactly("claim-other");
  }

  @Test
  void aClaimFromAnotherHostThatStandsStillGoes() throws IOException {
    put(elsewhere());
    try (Claim claim = make(PATIENCE)) {
      assertThat(claim).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aProcessInAnotherContainerIsJudgedByItsBeat() throws IOException {
    put(new ClaimOwner("other", SELF.host(), "pid:[1]", SELF.pid(), SELF.processStarted(), "then"));
    FaultyFileSystem.letBeat("claim-other");
    assertThatThrownBy(() -> make(PATIENCE)).hasMessageContaining("another run is writing it");
  }

  @Test
  void aClaimThatIsBeingWrittenIsJudgedByItsBeat() throws IOException {
    Files.createFile(folder.resolve("claim-other"));
    FaultyFileSystem.letBeat("claim-other");
    assertThatThrownBy(() -> make(PATIENCE))
        .hasMessageContaining("another run is writing it")
        .hasMessageContaining("claim-other");
    FaultyFileSystem.letBeat("none");
    try (Claim claim = make(PATIENCE)) {
      assertThat(claim).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
    }
  }

  @Test
  void aClaimWhoseChecksumIsWrongIsJudgedByItsBeat() throws IOException {
    FileSystem checked = FileSystem.getLocal(FaultyFileSystem.configuration());
    org.apache.hadoop.fs.Path directory = new org.apache.hadoop.fs.Path(folder.toUri());
    try (Claim torn = Claim.make(checked, directory, "torn", PATIENCE)) {
      assertThat(torn).isNotNull();
      Files.write(folder.resolve("claim-torn"), new byte[200]);
      try (Claim claim = Claim.make(checked, directory, "mine", PATIENCE)) {
        assertThat(claim).isNotNull();
        assertThat(FakeTable.visible(folder)).containsExactly("claim-mine");
      }
    }
  }

  @Test
  void whatIsNoClaimDoesNotMatter() throws IOException {
    Files.createDirectory(folder.resolve("new-other"));
    Files.writeString(folder.resolve("notes"), "x");
    try (Claim claim = make(NEVER)) {
      assertThat(claim).isNotNull();
      assertThat(FakeTable.visible(folder)).containsExactly("claim-mine", "new-other", "notes");
    }
  }

  private static ClaimOwner elsewhere() {
    return new ClaimOwner("other", "elsewhere.example", "", SELF.pid(), "then", "then");
  }
}
