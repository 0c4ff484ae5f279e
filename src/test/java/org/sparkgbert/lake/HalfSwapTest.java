package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.files.Directories;

/** What a run leaves that dies between its two renames, and who finishes it. */
class HalfSwapTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;
  private Path target;
  private Path work;

  @BeforeEach
  void nameTarget() {
    target = folder.resolve("table");
    work = folder.resolve(".table.publish");
  }

  private static Publication begin(Path table, String runId) throws IOException {
    return Publication.begin(
        table.toString(),
        WriteMode.OVERWRITE,
        KeepOld.NONE,
        LeaseHolder.self(runId),
        HADOOP,
        Duration.ofMillis(1));
  }

  private void leaveHalfDone() throws IOException {
    FakeTable.write(work.resolve("old-dead"), "old");
    FakeTable.write(work.resolve("new-dead"), "dead");
    Files.writeString(work.resolve("new-dead").resolve(Publication.MARK), "dead");
  }

  @Test
  void aReaderGivesTheNewTableItsName() throws IOException {
    leaveHalfDone();
    assertThat(EmbeddingTable.open(target.toString(), HADOOP).manifest().runId()).isEqualTo("dead");
    assertThat(FakeTable.runOf(target)).isEqualTo("dead");
    assertThat(work.resolve("old-dead")).doesNotExist();
  }

  @Test
  void aReaderGivesTheOldTableItsNameIfTheNewOneIsIncomplete() throws IOException {
    leaveHalfDone();
    Files.delete(work.resolve("new-dead").resolve(RunManifest.FILE));
    EmbeddingTable.open(target.toString(), HADOOP);
    assertThat(FakeTable.runOf(target)).isEqualTo("old");
  }

  @Test
  void aReaderOfAPartFinishesTheWhole() throws IOException {
    leaveHalfDone();
    EmbeddingTable.finishSwap(target.resolve("part-0.parquet").toString(), HADOOP);
    assertThat(FakeTable.runOf(target)).isEqualTo("dead");
  }

  @Test
  void aReaderLeavesATableThatIsThereAlone() throws IOException {
    leaveHalfDone();
    FakeTable.write(target, "here");
    assertThat(EmbeddingTable.open(target.toString(), HADOOP).manifest().runId()).isEqualTo("here");
    assertThat(FakeTable.visible(work)).containsExactly("new-dead", "old-dead");
  }

  @Test
  void readersThatComeAtOnceAllReadTheTable() throws Exception {
    for (int time = 0; time < 5; time++) {
      nameTarget();
      leaveHalfDone();
      List<CompletableFuture<String>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(
            CompletableFuture.supplyAsync(
                () -> EmbeddingTable.open(target.toString(), HADOOP).manifest().runId()));
      }
      for (CompletableFuture<String> reader : readers) {
        assertThat(reader.get()).isEqualTo("dead");
      }
      Directories.delete(target);
      Directories.delete(work);
    }
  }

  @Test
  void aTableThatARunDiedReplacingExists() throws IOException {
    leaveHalfDone();
    TableTarget table =
        new TableTarget(target.toString(), "parquet", WriteMode.ERROR, KeepOld.NONE, List.of(), 0);
    assertThat(TableWriter.exists(TestSpark.session(), table)).isTrue();
    assertThat(FakeTable.runOf(target)).isEqualTo("dead");
  }

  @Test
  void aReaderDoesNotTouchWhatALivingRunIsReplacing() throws IOException {
    try (Publication writer = begin(target, "writer")) {
      assertThat(writer.isAtomic()).isTrue();
      FakeTable.write(work.resolve("old-writer"), "old");
      assertThatThrownBy(() -> EmbeddingTable.open(target.toString(), HADOOP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read file:%s: another run is replacing it; read it when that run has ended",
              target);
      assertThat(FakeTable.runOf(work.resolve("old-writer"))).isEqualTo("old");
    }
  }

  @Test
  void whatIsNotThereIsStillNotThere() {
    assertThatThrownBy(() -> EmbeddingTable.open(target.toString(), HADOOP))
        .hasMessage("Cannot read table %s: there is no such directory", target);
    assertThat(folder).isEmptyDirectory();
  }

  /** As a rename leaves it that copied half of the table before the disk was full. */
  @Test
  void aReplacedTableStaysIfWhatReplacedItIsNotWhole() throws IOException {
    FakeTable.write(work.resolve("old-dead"), "old");
    Files.createDirectory(target);
    try (Publication next = begin(target, "next")) {
      assertThat(next.warning())
          .isEqualTo(
              "An earlier table stays in file:%s: the run that replaced it died, and its table was"
                      .formatted(work.resolve("old-dead"))
                  + " not found whole. Delete it if it is not needed.");
      FakeTable.write(next.files(), next.staging(), "next");
      next.commit();
    }
    assertThat(FakeTable.runOf(target)).isEqualTo("next");
    assertThat(FakeTable.runOf(work.resolve("old-dead"))).isEqualTo("old");
  }

  @Test
  void aReplacedTableStaysIfAnotherRunsTableStandsInItsPlace() throws IOException {
    leaveHalfDone();
    FakeTable.write(target, "stranger");
    try (Publication next = begin(target, "next")) {
      assertThat(next.warning()).contains("old-dead");
    }
    assertThat(FakeTable.runOf(target)).isEqualTo("stranger");
    assertThat(FakeTable.runOf(work.resolve("old-dead"))).isEqualTo("old");
    assertThat(work.resolve("new-dead")).doesNotExist();
  }

  @Test
  void aTableThatLacksAFileOfItsManifestIsNotWhole() throws IOException {
    leaveHalfDone();
    Path manifest = work.resolve("new-dead").resolve(RunManifest.FILE);
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace(
                "\"files\" : [ ]",
                "\"files\" : [ {\"path\":\"part-2.parquet\",\"bytes\":4,\"rows\":1,"
                    + "\"footer_sha256\":\"\"} ]"));
    EmbeddingTable.open(target.toString(), HADOOP);
    assertThat(FakeTable.runOf(target)).isEqualTo("old");
  }

  @Test
  void aLinkedOutputIsWrittenWhereTheLinkLeads() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("disk")).toRealPath();
    FakeTable.write(disk.resolve("real"), "old");
    for (Path leadsTo : new Path[] {Path.of("disk/real"), disk.resolve("real")}) {
      Path link = folder.resolve("link");
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, leadsTo);
      try (Publication next = begin(link, "next")) {
        FakeTable.write(next.files(), next.staging(), "next");
        next.commit();
      }
      assertThat(link).isSymbolicLink();
      assertThat(FakeTable.runOf(link)).isEqualTo("next");
      assertThat(FakeTable.visible(disk)).containsExactly("real");
      assertThat(FakeTable.visible(folder)).containsExactly("disk", "link");
    }
  }

  @Test
  void aLinkThatLeadsToNothingIsFilledAtItsEnd() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("table"));
    try (Publication next = begin(link, "next")) {
      FakeTable.write(next.files(), next.staging(), "next");
      next.commit();
    }
    assertThat(FakeTable.runOf(target)).isEqualTo("next");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void aMountPointIsRefusedBeforeAnythingIsWritten() {
    assumeThat(Path.of("/proc/self/mountinfo")).exists();
    assertThatThrownBy(() -> begin(Path.of("/proc"), "next"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write table: file:/proc is a mount point, which no other directory can"
                + " replace; choose a directory inside it");
    assertThat(Path.of("/.proc.publish")).doesNotExist();
  }
}
