package org.sparkgbert.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.VersionInfo;
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
    assertThat(folder).isDirectoryNotContaining("regex:.*/\\.notes\\.txt\\..+\\.part");
  }

  @Test
  void manyMayReplaceAFileWhileOthersReadIt() throws Exception {
    HadoopFiles.replace(file, "0".repeat(100), HADOOP);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        String text = Integer.toString(i).repeat(100);
        writers.add(
            threads.submit(
                () -> {
                  for (int time = 0; time < 20; time++) {
                    HadoopFiles.replace(file, text, HADOOP);
                    assertThat(folder.resolve("notes.txt"))
                        .content()
                        .matches("0{100}|1{100}|2{100}|3{100}|4{100}");
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aLibraryThatSparkDoesNotBringIsNamed() {
    assertThatThrownBy(() -> HadoopFiles.of(new Path("s3a://lake/articles"), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot open the file system of s3a://lake/articles: Spark comes without the library of"
                + " this file system; put --packages org.apache.hadoop:hadoop-aws:%s -- before the job's options",
            VersionInfo.getVersion());
    assertThatThrownBy(() -> HadoopFiles.of(new Path("abfss://lake@account/x"), HADOOP))
        .hasMessageContaining("--packages org.apache.hadoop:hadoop-azure:");
    assertThatThrownBy(() -> HadoopFiles.of(new Path("s3://lake/articles"), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Hadoop reads S3 by s3a:// only");
  }

  @Test
  void aReaderBesideAReplacementFindsTheOldContentOrTheNew() throws Exception {
    HadoopFiles.replace(file, "0", HADOOP);
    AtomicBoolean isOver = new AtomicBoolean();
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> missing =
          reader.submit(
              () -> {
                int count = 0;
                while (!isOver.get()) {
                  count += Files.exists(folder.resolve("notes.txt")) ? 0 : 1;
                }
                return count;
              });
      for (int i = 0; i < 300; i++) {
        HadoopFiles.replace(file, Integer.toString(i), HADOOP);
      }
      isOver.set(true);
      assertThat(missing.get()).as("times that the file was not there").isZero();
    } finally {
      reader.shutdownNow();
    }
    assertThat(HadoopFiles.readText(file, HADOOP)).contains("299");
  }

  @Test
  void aFailureNamesWhatCouldNotBeDone() {
    Path unknown = new Path("no-such-scheme://host/table");
    assertThatThrownBy(() -> HadoopFiles.exists(unknown, HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot open the file system of no-such-scheme://host/table: ");
    HadoopFiles.replace(new Path(file, "inside"), "x", HADOOP);
    assertThatThrownBy(() -> HadoopFiles.replace(new Path(file, "inside/more"), "x", HADOOP))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot write file:");
  }
}
