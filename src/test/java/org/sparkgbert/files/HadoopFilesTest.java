package org.sparkgbert.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopFilesTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private java.nio.file.Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = new Path(folder.resolve("notes.txt").toUri());
  }

  @Test
  void whatIsNotThereIsEmpty() {
    assertThat(HadoopFiles.exists(file, HADOOP)).isFalse();
    assertThat(HadoopFiles.status(file, HADOOP)).isEmpty();
    assertThat(HadoopFiles.read(file, HADOOP)).isEmpty();
    assertThat(HadoopFiles.readText(file, HADOOP)).isEmpty();
  }

  @Test
  void aFileIsWrittenOnceAndComesBack() throws IOException {
    FileSystem files = HadoopFiles.of(file, HADOOP);
    HadoopFiles.write(files, file, "Grüße");
    assertThat(HadoopFiles.readText(file, HADOOP)).contains("Grüße");
    assertThat(HadoopFiles.status(file, HADOOP))
        .hasValueSatisfying(found -> assertThat(found.getLen()).isEqualTo(7));
    assertThatThrownBy(() -> HadoopFiles.write(files, file, "neu"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileAlreadyExistsException.class);
    assertThat(HadoopFiles.readText(file, HADOOP)).contains("Grüße");
  }

  @Test
  void aFileIsReplacedWholeWhateverAnEarlierRunLeft() throws IOException {
    Files.writeString(folder.resolve(".notes.txt.part"), "half");
    HadoopFiles.replace(file, "first", HADOOP);
    HadoopFiles.replace(file, "second", HADOOP);
    assertThat(folder.resolve("notes.txt")).hasContent("second");
    assertThat(folder.resolve(".notes.txt.part")).doesNotExist();
  }

  @Test
  void aFailureNamesWhatCouldNotBeDone() {
    Path unknown = new Path("no-such-scheme://host/table");
    assertThatThrownBy(() -> HadoopFiles.exists(unknown, HADOOP))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot open the file system of no-such-scheme://host/table: ");
    HadoopFiles.replace(new Path(file, "inside"), "x", HADOOP);
    assertThatThrownBy(() -> HadoopFiles.replace(new Path(file, "inside/more"), "x", HADOOP))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot write file:");
  }
}
