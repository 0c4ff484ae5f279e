package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.model.Bundle;

/** Imports that are killed, that stand still, or that come at once leave one whole bundle. */
class BundlePublicationTest {
  @TempDir Path folder;

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereverAnImportDiesTheNextReaderAndImportFindAWholeBundle(boolean replaces)
      throws IOException {
    List<String> outcomes = new ArrayList<>();
    boolean finished = false;
    for (int step = 0; step < KilledRun.MOST_STEPS && !finished; step++) {
      Path lake = Files.createDirectory(folder.resolve("models-" + step));
      Path bundle = lake.resolve("bundle");
      if (replaces) {
        fill(Files.createDirectory(bundle), "old");
      }
      finished = killedAt(step, bundle);
      KilledRun.markDead(lake.resolve(".bundle.publish"));
      BundlePublication.finishBeforeReading(bundle);
      outcomes.add(nameOf(bundle));
      try (BundlePublication next = BundlePublication.begin(bundle, WriteMode.OVERWRITE)) {
        assertThat(next.files()).isEmpty();
      }
      assertThat(nameOf(bundle)).isEqualTo(outcomes.get(step));
      assertThat(FakeTable.visible(lake)).as("after step %d", step).isSubsetOf("bundle");
    }
    String before = replaces ? "old" : "none";
    assertThat(outcomes).hasSizeGreaterThan(8).startsWith(before).endsWith("new");
    assertThat(outcomes.lastIndexOf(before)).isLessThan(outcomes.indexOf("new"));
  }

  @Test
  void anImportThatFailsAfterOneThatDiedBetweenItsRenamesKeepsTheNewBundle() throws IOException {
    Path bundle = folder.resolve("bundle");
    Path work = Files.createDirectory(folder.resolve(".bundle.publish"));
    fill(Files.createDirectory(work.resolve("old-dead")), "old");
    fill(Files.createDirectory(work.resolve("new-dead")), "new");
    try (BundlePublication failing = BundlePublication.begin(bundle, WriteMode.OVERWRITE)) {
      Files.writeString(failing.staging().resolve("model.onnx"), "half");
    }
    assertThat(nameOf(bundle)).isEqualTo("new");
    assertThat(FakeTable.visible(folder)).containsExactly("bundle");
  }

  @Test
  void aHalfWrittenNewBundleGivesWayToTheOld() throws IOException {
    Path bundle = folder.resolve("bundle");
    Path work = Files.createDirectory(folder.resolve(".bundle.publish"));
    fill(Files.createDirectory(work.resolve("old-dead")), "old");
    fill(Files.createDirectory(work.resolve("new-dead")), "new");
    Files.delete(work.resolve("new-dead").resolve("model.onnx"));
    BundlePublication.finishBeforeReading(bundle);
    assertThat(nameOf(bundle)).isEqualTo("old");
  }

  @Test
  void anOldBundleStaysWhileNoWholeOneHasItsName() throws IOException {
    Path bundle = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(bundle.resolve("model.onnx"), "damaged");
    Path work = Files.createDirectory(folder.resolve(".bundle.publish"));
    fill(Files.createDirectory(work.resolve("old-dead")), "old");
    BundlePublication.begin(bundle, WriteMode.OVERWRITE).close();
    assertThat(nameOf(work.resolve("old-dead"))).isEqualTo("old");
  }

  @Test
  void ofTwoImportsAtOnceOneIsRefusedAndTheOtherPublishes() throws IOException {
    Path bundle = folder.resolve("bundle");
    try (BundlePublication first = BundlePublication.begin(bundle, WriteMode.ERROR)) {
      assertThatThrownBy(() -> BundlePublication.begin(bundle, WriteMode.OVERWRITE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot write bundle: another run is writing it, process ");
      fill(first.staging(), "first");
      first.commit();
    }
    assertThat(nameOf(bundle)).isEqualTo("first");
  }

  @Test
  void anImportThatStoodStillPublishesNothingOverItsSuccessor() throws IOException {
    Path bundle = folder.resolve("bundle");
    LeaseHolder elsewhere = new LeaseHolder("first", "elsewhere.example", "", 1, "then", "then");
    try (Publication first =
        Publication.begin(
            place(bundle),
            WriteMode.OVERWRITE,
            KeepOld.NONE,
            Unfinished.DELETE,
            elsewhere,
            Duration.ofMillis(1))) {
      fill(LocalFiles.local(first.staging()), "first");
      try (Publication second =
          Publication.begin(
              place(bundle),
              WriteMode.OVERWRITE,
              KeepOld.NONE,
              Unfinished.DELETE,
              LeaseHolder.self("second"),
              Duration.ofMillis(1))) {
        fill(LocalFiles.local(second.staging()), "second");
        second.commit();
      }
      assertThatThrownBy(first::commit).isInstanceOf(IOException.class);
    }
    assertThat(nameOf(bundle)).isEqualTo("second");
    assertThat(FakeTable.visible(folder)).containsExactly("bundle");
  }

  @Test
  void aLinkedBundleIsReplacedWhereTheLinkLeads() throws IOException {
    Path real = fill(Files.createDirectory(folder.resolve("real")), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    try (BundlePublication publication = BundlePublication.begin(link, WriteMode.OVERWRITE)) {
      fill(publication.staging(), "new");
      publication.commit();
    }
    assertThat(link).isSymbolicLink();
    assertThat(nameOf(real)).isEqualTo("new");
    assertThat(FakeTable.visible(folder)).containsExactly("link", "real");
  }

  private static TablePlace place(Path bundle) throws IOException {
    return TablePlace.of(LocalFiles.disk(), LocalFiles.hadoop(bundle), Contents.BUNDLE);
  }

  /** Overwrites a bundle; false if the run did not live to its end. */
  private static boolean killedAt(int step, Path bundle) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("faulty:" + bundle);
    TablePlace place =
        TablePlace.of(path.getFileSystem(FaultyFileSystem.configuration()), path, Contents.BUNDLE);
    return KilledRun.at(
        step,
        self -> {
          try (Publication publication =
              Publication.begin(
                  place,
                  WriteMode.OVERWRITE,
                  KeepOld.NONE,
                  Unfinished.DELETE,
                  self,
                  Duration.ofMillis(1))) {
            fill(LocalFiles.local(publication.staging()), "new");
            publication.commit();
          }
        });
  }

  private static Path fill(Path directory, String name) throws IOException {
    for (String file : List.of("model.onnx", "tokenizer.json", "bundle.json")) {
      Files.copy(TinyModel.DIRECTORY.resolve(file), directory.resolve(file));
    }
    TinyModel.editManifest(directory, "\"tiny-bert\"", "\"" + name + "\"");
    return directory;
  }

  private static String nameOf(Path bundle) {
    return Files.exists(bundle) ? Bundle.open(bundle).manifest().name() : "none";
  }
}
