package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  @TempDir private Path folder;

  @Test
  void aDirectoryThatExecutesIsUsable() {
    assertThatCode(() -> TemporaryDirectory.requireUsable(folder)).doesNotThrowAnyException();
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> TemporaryDirectory.requireUsable(folder.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot run: the temporary directory %s/none cannot be", folder);
  }
}
