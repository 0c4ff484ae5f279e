package org.sparkgbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;

class ParquetFilesTest {
  private static final Configuration HADOOP = new Configuration();

  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;
  private Path sample;

  @BeforeEach
  void writeSample() throws IOException {
    sample = onlyFile(write(10, folder.resolve("sample")));
  }

  @Test
  void footersTellLengthAndRows() throws IOException {
    assertThat(ParquetFiles.readFooters(List.of(sample.toString()), HADOOP))
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.path()).endsWith(sample.toString());
              assertThat(file.bytes()).isEqualTo(Files.size(sample));
              assertThat(file.rows()).isEqualTo(10);
              assertThat(file.footerSha256()).matches("[0-9a-f]{64}");
            });
  }

  @Test
  void equalFootersHaveEqualChecksumsAndOthersHaveOthers() throws IOException {
    Path copy = Files.copy(sample, folder.resolve("copy.parquet"));
    Path other = onlyFile(write(11, folder.resolve("other")));
    List<String> checksums =
        ParquetFiles.readFooters(
                List.of(sample.toString(), copy.toString(), other.toString()), HADOOP)
            .stream()
            .map(ParquetFile::footerSha256)
            .toList();
    assertThat(checksums.get(0)).isEqualTo(checksums.get(1)).isNotEqualTo(checksums.get(2));
  }

  /** What lies in the table beside part-0.parquet, and the rows that Spark reads then. */
  @ParameterizedTest
  @CsvSource({
    "part-1.parquet, 20",
    "part-1.snappy.parquet, 20",
    "no-suffix, 20",
    "_hidden.parquet, 10",
    ".hidden.parquet, 10",
    "_temporary/0/part-1.parquet, 10",
    ".spark-staging/part-1.parquet, 10",
    "copied.parquet._COPYING_, 10",
    "_metadata, 10",
    "_k=1, 20",
    "nested/part-1.parquet, 10"
  })
  void findsInATableWhatSparkFinds(String name, long expected) throws IOException {
    Path table = Files.createDirectory(folder.resolve("table"));
    Files.copy(sample, table.resolve("part-0.parquet"));
    put(table.resolve(name));
    assertThat(countByFooters(table)).isEqualTo(expected).isEqualTo(countBySpark(table));
  }

  @ParameterizedTest
  @CsvSource({
    "day=1/part-0.parquet, day=2/part-0.parquet, 20",
    "_day=1/part-0.parquet, _day=2/part-0.parquet, 20",
    "day=1/hour=1/part-0.parquet, day=1/hour=2/part-0.parquet, 20",
    "day=1/part-0.parquet, day=1/_hidden.parquet, 10",
    "day=1/part-0.parquet, _backup/day=2/part-0.parquet, 10",
    "day=1/part-0.parquet, .publish/day=2/part-0.parquet, 10",
    "day=1/part-0.parquet, day=a b%2Fc/part-0.parquet, 20"
  })
  void findsPartitionsAsSparkDoes(String one, String other, long expected) throws IOException {
    Path table = Files.createDirectory(folder.resolve("table"));
    put(table.resolve(one));
    put(table.resolve(other));
    assertThat(countByFooters(table)).isEqualTo(expected).isEqualTo(countBySpark(table));
  }

  @ParameterizedTest
  @CsvSource({"*.parquet, 20", "a*, 10", "'{a,b}.parquet', 20", "[b-z].parquet, 10"})
  void expandsGlobsAsSparkDoes(String glob, long expected) throws IOException {
    Path table = Files.createDirectory(folder.resolve("table"));
    put(table.resolve("a.parquet"));
    put(table.resolve("b.parquet"));
    assertThat(countByFooters(table.resolve(glob)))
        .isEqualTo(expected)
        .isEqualTo(countBySpark(table.resolve(glob)));
  }

  @Test
  void addsUpSeveralPaths() {
    List<String> twice = List.of(sample.toString(), sample.getParent().toString());
    assertThat(ParquetFiles.readFooters(twice, HADOOP)).extracting(ParquetFile::rows).contains(10L);
    assertThat(ParquetFiles.readFooters(twice, HADOOP)).hasSize(2);
  }

  @Test
  void anEmptyDirectoryHasNoFiles() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(ParquetFiles.readFooters(List.of(empty.toString()), HADOOP)).isEmpty();
  }

  @Test
  void aMissingPathIsNamed() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(
            () -> ParquetFiles.readFooters(List.of(sample.toString(), missing.toString()), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read %s: there is no such path", missing);
  }

  @Test
  void aGlobThatMatchesNothingIsNamed() {
    Path glob = folder.resolve("nothing-*");
    assertThatThrownBy(() -> ParquetFiles.readFooters(List.of(glob.toString()), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read %s: there is no such path", glob);
  }

  @Test
  void aFileWithoutBytesIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("zero.parquet"));
    assertRefused(file, "it is empty");
  }

  @Test
  void aTextFileIsNamed() throws IOException {
    Path file = folder.resolve("text.parquet");
    Files.writeString(file, "Guten Morgen, das ist keine Tabelle.\nWirklich nicht.\n");
    assertRefused(file, "it seems to be text: use --format csv");
  }

  @Test
  void aFileOfAFewBytesIsNamed() throws IOException {
    Path file = folder.resolve("short.parquet");
    Files.writeString(file, "PAR1");
    assertRefused(file, "is not a Parquet file");
  }

  @Test
  void aTruncatedFileIsNamedWhereverItEnds() throws IOException {
    byte[] whole = Files.readAllBytes(sample);
    for (int length = 1; length < whole.length; length += 37) {
      Path file = folder.resolve("cut-" + length + ".parquet");
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused(file, "");
    }
  }

  private void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> ParquetFiles.readFooters(List.of(file.toString()), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read Parquet file file:%s: ", file)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  private void put(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.copy(sample, file);
  }

  private Path write(int rows, Path directory) {
    Dataset<Row> table = spark.range(rows).toDF();
    table.coalesce(1).write().parquet(directory.toString());
    return directory;
  }

  static Path onlyFile(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory, "*.parquet")) {
      return files.iterator().next();
    }
  }

  private static long countByFooters(Path path) {
    return ParquetFiles.readFooters(List.of(path.toString()), HADOOP).stream()
        .mapToLong(ParquetFile::rows)
        .sum();
  }

  private long countBySpark(Path path) {
    return spark.read().parquet(path.toString()).count();
  }
}
