package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationFaultTest {
  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void writeOldTable() throws IOException {
    FaultyFileSystem.heal();
    target = FakeTable.write(folder.resolve("table"), "old");
  }

  @AfterEach
  void heal() {
    FaultyFileSystem.heal();
  }

  private void publish(String runId) throws IOException {
    try (Publication publication =
        Publication.begin(
            "faulty:" + target,
            WriteMode.OVERWRITE,
            KeepOld.NONE,
            LeaseHolder.self(runId),
            FaultyFileSystem.configuration(),
            Duration.ofMillis(1))) {
      FakeTable.write(publication.files(), publication.staging(), runId);
      publication.commit();
    }
  }

  private void assertOnly(String runId) throws IOException {
    assertThat(FakeTable.runOf(target)).isEqualTo(runId);
    assertThat(FakeTable.visible(folder)).containsExactly("table");
  }

  @Test
  void withoutFaultsTheTablesAreSwapped() throws IOException {
    publish("new");
    assertOnly("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "new-"})
  void aRenameThatIsRefusedLeavesTheOldTable(String from) throws IOException {
    FaultyFileSystem.follow(step -> !step.is("rename", from));
    assertThatThrownBy(() -> publish("new"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot rename faulty:")
        .hasMessageEndingWith(": the file system refused");
    assertOnly("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "new-"})
  void aRenameThatFailsLeavesTheOldTable(String from) throws IOException {
    FaultyFileSystem.follow(failing("rename", from, "connection lost"));
    assertThatThrownBy(() -> publish("new"))
        .isInstanceOf(IOException.class)
        .hasMessage("connection lost");
    assertOnly("old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"part-1", RunManifest.FILE, "claim-"})
  void aFullDiskLeavesTheOldTableAndNothingElse(String file) throws IOException {
    for (String operation : List.of("create", "write")) {
      FaultyFileSystem.follow(failing(operation, file, "No space left on device"));
      assertThatThrownBy(() -> publish("new"))
          .isInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertOnly("old");
    }
  }

  @Test
  void aReplacedTableThatCannotBeDeletedDoesNotFailThePublication() throws IOException {
    FaultyFileSystem.follow(failing("delete", "old-", "connection lost"));
    publish("new");
    assertThat(FakeTable.runOf(target)).isEqualTo("new");
    FaultyFileSystem.heal();
    publish("newer");
    assertOnly("newer");
  }

  @Test
  void aReplacedTableWhoseDeletionIsRefusedGoesWithTheNextRun() throws IOException {
    FaultyFileSystem.follow(step -> !step.is("delete", "old-"));
    publish("new");
    assertThat(folder.resolve(".table.publish").resolve("old-new")).exists();
    FaultyFileSystem.heal();
    publish("newer");
    assertOnly("newer");
  }

  @Test
  void aTargetThatAppearsBetweenTheRenamesStaysAsItIs() throws IOException {
    FaultyFileSystem.follow(
        step -> {
          if (step.is("rename", "new-")) {
            FakeTable.write(target, "stranger");
          }
          return true;
        });
    assertThatThrownBy(() -> publish("new"))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot publish faulty:%s: another table already exists there", target);
    assertThat(FakeTable.runOf(target)).isEqualTo("stranger");
  }

  @Test
  void aHiddenDirectoryThatStaysDoesNotFailThePublication() throws IOException {
    FaultyFileSystem.follow(failing("delete", ".table.publish", "not empty"));
    publish("new");
    assertThat(FakeTable.runOf(target)).isEqualTo("new");
    assertThat(folder.resolve(".table.publish")).isEmptyDirectory();
  }

  @Test
  void aStagingThatCannotBeRemovedStillFreesTheTarget() throws IOException {
    FaultyFileSystem.follow(failing("delete", "new-", "connection lost"));
    assertThatThrownBy(() -> publish("new")).hasMessage("connection lost");
    FaultyFileSystem.heal();
    publish("newer");
    assertOnly("newer");
  }

  private static FaultyFileSystem.Plan failing(String operation, String file, String reason) {
    return step -> {
      if (step.is(operation, file)) {
        throw new IOException(reason);
      }
      return true;
    };
  }
}
