package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.files.Directories;

class LocalFilesTest {
  @TempDir Path folder;

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path("file", null, path.toString());
  }

  @Test
  void aDirectoryIsRenamedWhole() throws IOException {
    Path from = Files.createDirectory(folder.resolve("a b[1]"));
    Files.writeString(from.resolve("x"), "x");
    LocalFiles.move(hadoop(from), hadoop(folder.resolve("to:{x}")));
    assertThat(folder.resolve("to:{x}").resolve("x")).hasContent("x");
    assertThat(from).doesNotExist();
  }

  @Test
  void nothingIsMovedIntoADirectoryThatIsThere() throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    Path to = Files.createDirectory(folder.resolve("to"));
    Files.writeString(to.resolve("x"), "x");
    assertThatThrownBy(() -> LocalFiles.move(hadoop(from), hadoop(to)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot rename file:%s to file:%s: ".formatted(from, to));
    assertThat(from).isEmptyDirectory();
    assertThat(to).isDirectoryContaining(path -> path.endsWith("x"));
  }

  @Test
  void whatIsNotThereIsNotRenamed() {
    Path from = folder.resolve("from");
    Path to = folder.resolve("to");
    assertThatThrownBy(() -> LocalFiles.move(hadoop(from), hadoop(to)))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot rename file:%s to file:%s: it is not there", from, to);
  }

  @Test
  void nothingIsCopiedToAnotherFileSystem() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeThat(memory).isDirectory().isWritable();
    assumeThat(Files.getFileStore(memory)).isNotEqualTo(Files.getFileStore(folder));
    Path from = Files.createDirectory(folder.resolve("from"));
    Path to = Files.createTempDirectory(memory, "spark-gbert");
    try {
      Path table = to.resolve("table");
      assertThatThrownBy(() -> LocalFiles.move(hadoop(from), hadoop(table)))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "Cannot rename file:%s to file:%s in one step: they lie on different file systems, or"
                  + " one of them is a mount point",
              from, table);
      assertThat(from).isEmptyDirectory();
      assertThat(to).isEmptyDirectory();
    } finally {
      Directories.delete(to);
    }
  }

  @Test
  void mountPointsAreKnown() {
    assumeThat(Path.of("/proc/self/mountinfo")).exists();
    assertThat(LocalFiles.isMountPoint(hadoop(Path.of("/proc")))).isTrue();
    assertThat(LocalFiles.isMountPoint(hadoop(folder))).isFalse();
    assertThat(LocalFiles.isMountPoint(hadoop(folder.resolve("none")))).isFalse();
  }

  @Test
  void linksAreFollowedToTheirEndEvenIfNothingIsThere() throws IOException {
    Path real = folder.toRealPath();
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("one"), Path.of("../two"));
    Files.createSymbolicLink(folder.resolve("two"), real.resolve("three"));
    assertThat(LocalFiles.follow(hadoop(inner.resolve("one"))))
        .isEqualTo(hadoop(real.resolve("three")));
    Path plain = inner.resolve("plain");
    assertThat(LocalFiles.follow(hadoop(plain))).isEqualTo(hadoop(plain));
  }

  @Test
  void aCircleOfLinksIsRefused() throws IOException {
    Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> LocalFiles.follow(hadoop(folder.resolve("a"))))
        .isInstanceOf(IOException.class)
        .hasMessage("too many links");
  }

  @Test
  void oneDirectoryHasOneRealPath() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real")).toRealPath();
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    assertThat(LocalFiles.real(hadoop(link.resolve("../link/x/y"))))
        .isEqualTo(LocalFiles.real(hadoop(real.resolve("x/y"))))
        .isEqualTo(hadoop(real.resolve("x/y")));
  }
}
