package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.files.Directories;

class PublicationTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Duration EXPIRY = Duration.ofMillis(1);

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void nameTarget() {
    target = folder.resolve("table");
  }

  private Publication begin(WriteMode mode, String runId) throws IOException {
    return Publication.begin(
        target.toString(), mode, KeepOld.NONE, LeaseHolder.self(runId), HADOOP, EXPIRY);
  }

  private void publish(WriteMode mode, String runId) throws IOException {
    try (Publication publication = begin(mode, runId)) {
      FakeTable.write(publication.files(), publication.staging(), runId);
      publication.commit();
    }
  }

  @ParameterizedTest
  @EnumSource(WriteMode.class)
  void aNewTableAppearsAndNothingElse(WriteMode mode) throws IOException {
    publish(mode, "a");
    assertThat(FakeTable.runOf(target)).isEqualTo("a");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void theTableIsInvisibleUntilItIsCommitted() throws IOException {
    try (Publication publication = begin(WriteMode.ERROR, "a")) {
      FakeTable.write(publication.files(), publication.staging(), "a");
      assertThat(target).doesNotExist();
      assertThat(FakeTable.visible(folder)).containsExactly(".table.publish");
      publication.commit();
      assertThat(FakeTable.runOf(target)).isEqualTo("a");
    }
  }

  @Test
  void whatIsNotCommittedVanishes() throws IOException {
    try (Publication publication = begin(WriteMode.ERROR, "a")) {
      FakeTable.write(publication.files(), publication.staging(), "a");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void filesThatAreGoneSinceTheyWereCountedAreNotPublished() throws IOException {
    publish(WriteMode.ERROR, "a");
    for (String file : List.of("part-9.parquet", "part-0.parquet")) {
      try (Publication publication = begin(WriteMode.OVERWRITE, "b")) {
        Path staging = Path.of(publication.staging().toUri());
        FakeTable.write(staging, "b");
        Path manifest = staging.resolve(RunManifest.FILE);
        Files.writeString(
            manifest,
            Files.readString(manifest)
                .replaceFirst(
                    "\"files\" : \\[ \\]",
                    "\"files\" : [ {\"path\": \"%s\", \"bytes\": 7, \"rows\": 1, \"footer_sha256\": \"%s\", \"sha256\": \"%s\"} ]"
                        .formatted(file, "0".repeat(64), "0".repeat(64))));
        assertThatThrownBy(publication::commit)
            .isInstanceOf(IOException.class)
            .hasMessage(
                "Cannot publish %s: files that its manifest lists are gone or changed",
                publication.staging());
      }
    }
    assertThat(FakeTable.runOf(target)).isEqualTo("a");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void overwritingSwapsTheTables() throws IOException {
    publish(WriteMode.ERROR, "a");
    publish(WriteMode.OVERWRITE, "b");
    assertThat(FakeTable.runOf(target)).isEqualTo("b");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  private Path publish(String keepOld, String runId) throws IOException {
    KeepOld keep = KeepOld.TYPE.parser().apply(List.of(keepOld));
    LeaseHolder self = LeaseHolder.self(runId);
    try (Publication publication =
        Publication.begin(target.toString(), WriteMode.OVERWRITE, keep, self, HADOOP, EXPIRY)) {
      FakeTable.write(publication.files(), publication.staging(), runId);
      publication.commit();
    }
    return folder.resolve(".table.publish");
  }

  private static List<String> runsIn(Path work) throws IOException {
    List<String> runs = new ArrayList<>();
    for (String name : FakeTable.visible(work)) {
      assertThat(name).matches("kept-\\d{8}T\\d{6}Z-.");
      runs.add(FakeTable.runOf(work.resolve(name)));
    }
    return runs;
  }

  @Test
  void aReplacedTableStaysUntilTheNextRun() throws IOException {
    publish("next-run", "a");
    Path work = publish("next-run", "b");
    assertThat(runsIn(work)).containsExactly("a");
    publish("next-run", "c");
    assertThat(FakeTable.runOf(target)).isEqualTo("c");
    assertThat(runsIn(work)).containsExactly("b");
    publish("none", "d");
    assertThat(FakeTable.runOf(target)).isEqualTo("d");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void replacedTablesStayForTheTimeThatTheyShould() throws IOException {
    publish("1h", "a");
    publish("1h", "b");
    publish("1h", "c");
    Path work = publish("1h", "d");
    assertThat(runsIn(work)).containsExactlyInAnyOrder("a", "b", "c");
    Path kept = work.resolve(FakeTable.visible(work).get(0));
    Files.move(kept, work.resolve("kept-20200101T000000Z-x"));
    publish("1h", "e");
    assertThat(runsIn(work)).hasSize(3).contains("d");
    publish("none", "f");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aRunThatIsRefusedLeavesWhatIsKept() throws IOException {
    publish("next-run", "a");
    Path work = publish("next-run", "b");
    assertThatThrownBy(() -> begin(WriteMode.ERROR, "c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(runsIn(work)).containsExactly("a");
  }

  @Test
  void aTableThatWasDeletedDoesNotComeBack() throws IOException {
    publish("next-run", "a");
    publish("next-run", "b");
    Directories.delete(target);
    HalfSwap.finishBeforeReading(target.toString(), HADOOP);
    assertThat(target).doesNotExist();
    publish(WriteMode.ERROR, "c");
    assertThat(FakeTable.runOf(target)).isEqualTo("c");
  }

  @Test
  void aTableThatIsThereIsRefusedAtOnceAndStays() throws IOException {
    publish(WriteMode.ERROR, "a");
    assertThatThrownBy(() -> begin(WriteMode.ERROR, "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write table: file:%s exists; choose another output or --mode overwrite",
            target);
    assertThat(FakeTable.runOf(target)).isEqualTo("a");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aTableThatAppearedMeanwhileIsNotReplacedInErrorMode() throws IOException {
    try (Publication publication = begin(WriteMode.ERROR, "b")) {
      FakeTable.write(publication.files(), publication.staging(), "b");
      FakeTable.write(target, "other");
      assertThatThrownBy(publication::commit)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exists; choose another output");
    }
    assertThat(FakeTable.runOf(target)).isEqualTo("other");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aFileIsNotOverwritten() throws IOException {
    Files.writeString(target, "mein Brief");
    assertThatThrownBy(() -> begin(WriteMode.OVERWRITE, "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot overwrite file:%s: it is a file, not a table", target);
    assertThat(target).hasContent("mein Brief");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @ParameterizedTest
  @ValueSource(strings = {"brief.txt", "part-0.csv", "photos/", "parquet"})
  void aDirectoryThatIsNoTableIsNotOverwritten(String stranger) throws IOException {
    FakeTable.write(target, "a");
    Path file = target.resolve(stranger);
    if (stranger.endsWith("/")) {
      Files.createDirectory(file);
    } else {
      Files.writeString(file, "wichtig");
    }
    assertThatThrownBy(() -> begin(WriteMode.OVERWRITE, "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot overwrite file:%s: it is not a Parquet table, found %s",
            target, file.getFileName());
    assertThat(file).exists();
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void aPartitionedTableOfAnotherToolIsATable() throws IOException {
    Files.createDirectories(target.resolve("day=1"));
    Files.writeString(target.resolve("day=1").resolve("x.parquet"), "x");
    Files.createFile(target.resolve("_SUCCESS"));
    publish(WriteMode.OVERWRITE, "b");
    assertThat(FakeTable.runOf(target)).isEqualTo("b");
  }

  @Test
  void aRootIsNoTable() {
    assertThatThrownBy(
            () -> Publication.begin("file:///", WriteMode.ERROR, KeepOld.NONE, "a", HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot write table: file:/ is a root");
  }

  @Test
  void aCommitWithoutManifestFails() throws IOException {
    publish(WriteMode.ERROR, "a");
    try (Publication publication = begin(WriteMode.OVERWRITE, "b")) {
      assertThatThrownBy(publication::commit).isInstanceOf(IOException.class);
    }
    assertThat(FakeTable.runOf(target)).isEqualTo("a");
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void theLocalDiskRenamesInOneStep() throws IOException {
    try (Publication publication = begin(WriteMode.ERROR, "a")) {
      assertThat(publication.isAtomic()).isTrue();
    }
  }

  @Test
  void otherFileSystemsDoNotAsFarAsIsKnown() throws IOException {
    FaultyFileSystem.heal();
    try (Publication publication =
        Publication.begin(
            "faulty:" + target,
            WriteMode.ERROR,
            KeepOld.NONE,
            LeaseHolder.self("a"),
            FaultyFileSystem.configuration(),
            EXPIRY)) {
      assertThat(publication.isAtomic()).isFalse();
    }
  }
}
