package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.encoder.ConfigFile;

class CheckpointFilesTest {
  private static final int MOST_BYTES = 64 << 20;

  @TempDir Path folder;

  @Test
  void aMissingDirectoryIsSaid() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> new CheckpointFiles(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import %s: there is no such directory", missing);
  }

  @Test
  void aFileThatIsMissingIsNoJson() throws IOException {
    Files.createDirectory(folder.resolve("directory.json"));
    CheckpointFiles files = new CheckpointFiles(folder);
    assertThat(files.json("missing.json")).isEmpty();
    assertThat(files.json("directory.json")).isEmpty();
  }

  @Test
  void aDirectoryInsideIsReadOfThere() throws IOException {
    Files.createDirectory(folder.resolve("inside"));
    Files.writeString(folder.resolve("inside/a.json"), "{\"a\": 1}");
    CheckpointFiles files = new CheckpointFiles(folder);
    assertThat(files.inside("inside").json("a.json").orElseThrow().get("a").asInt()).isEqualTo(1);
    assertThat(files.inside("")).isSameAs(files);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../other", "a/../../other", "/etc/passwd"})
  void whatLeadsOutIsRefused(String name) {
    CheckpointFiles files = new CheckpointFiles(folder);
    assertThatThrownBy(() -> files.has(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import %s: '%s' leads out of it", folder, name);
  }

  @Test
  void deepNestingIsRefusedBeforeItFillsTheStack() throws IOException {
    assertNoJson("[".repeat(1_000_000), "maximum allowed (64");
    assertNoJson("{\"a\":".repeat(100_000), "maximum allowed (64");
  }

  @Test
  void aKeyTwiceIsRefused() throws IOException {
    assertNoJson("{\"a\": 1, \"b\": 2, \"a\": 3}", "Duplicate field 'a'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "ja", "{\"a\": NaN}", "\u0000", "{'a': 1}"})
  void whatIsNoJsonIsRefused(String text) throws IOException {
    assertNoJson(text, "");
  }

  @Test
  void aFileBeyondTheLimitIsRefusedUnread() throws IOException {
    Path file = sparse(MOST_BYTES + 1L);
    assertThatThrownBy(() -> CheckpointFiles.readJson(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read %s: it must have at most %d bytes, found %d",
            file, MOST_BYTES, MOST_BYTES + 1);
  }

  @Test
  void settingsAreAnObjectWithTypes() throws IOException {
    ConfigFile settings =
        new ConfigFile(
            "a.json",
            CheckpointFiles.mapper()
                .readTree("{\"n\": 3, \"f\": true, \"t\": \"text\", \"o\": null, \"r\": 0.5}"));
    assertThat(settings.integer("n")).isEqualTo(3);
    assertThat(settings.flag("f", false)).isTrue();
    assertThat(settings.text("t", "")).isEqualTo("text");
    assertThat(settings.real("r", 0)).isEqualTo(0.5);
    assertThat(settings.has("o")).isFalse();
    assertThat(settings.optionalInteger("o")).isEmpty();
    assertThat(settings.flag("missing", true)).isTrue();
    assertThatThrownBy(() -> settings.flag("n", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a.json: n must be true or false, found 3");
    assertThatThrownBy(() -> settings.text("f", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a.json: f must be a string, found true");
    assertThatThrownBy(() -> settings.optionalLimit("t"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read a.json: t must be a number, found \"text\"");
  }

  private Path sparse(long bytes) throws IOException {
    Path file = folder.resolve("large.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    return file;
  }

  private void assertNoJson(String text, String reason) throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), text);
    assertThatThrownBy(() -> CheckpointFiles.readJson(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read %s: it is not JSON, ".formatted(file))
        .hasMessageContaining(reason);
  }
}
