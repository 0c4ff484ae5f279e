package org.sparkgbert.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateDirectoryTest {
  @TempDir Path folder;

  @Test
  void aNewOneIsForTheUserAlone() throws IOException {
    Path directory = PrivateDirectory.of(folder.resolve("deep").resolve("own"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(PrivateDirectory.of(directory)).isEqualTo(directory);
  }

  @Test
  void othersMayReadWhatIsTheirsToRead() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("own"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(PrivateDirectory.of(directory)).isEqualTo(directory.toRealPath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwxr-x-w-", "rwxrwxrwx"})
  void whereOthersMayWriteItIsRefused(String permissions) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    assertRefused(directory, "others may write into it, " + permissions);
  }

  @Test
  void aLinkIsRefusedThoughItLeadsToAnOwnOne() throws IOException {
    Path own = PrivateDirectory.of(folder.resolve("own"));
    assertRefused(Files.createSymbolicLink(folder.resolve("link"), own), "it is a link");
  }

  @Test
  void aFileIsRefused() throws IOException {
    assertRefused(Files.createFile(folder.resolve("file")), "it is no directory");
  }

  @Test
  void anotherUsersIsRefused() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("foreign"));
    UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
    try {
      Files.setOwner(directory, users.lookupPrincipalByName("nobody"));
    } catch (IOException notAllowed) {
      assumeThat(notAllowed).as("may give files away").isNull();
    }
    assertRefused(directory, "it belongs to the user nobody");
  }

  private static void assertRefused(Path directory, String reason) {
    assertThatThrownBy(() -> PrivateDirectory.of(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use the directory %s: it must be this user's own, found that %s",
            directory, reason);
  }
}
