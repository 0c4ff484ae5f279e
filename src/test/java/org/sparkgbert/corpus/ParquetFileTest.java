package org.sparkgbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

class ParquetFileTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void writeFile() throws IOException {
    Path table = folder.resolve("table");
    List<String> texts = IntStream.range(0, 200).mapToObj(i -> "Satz Nummer " + i % 50).toList();
    TestSpark.texts(texts, 1)
        .selectExpr("id", "text", "array(cast(id as float), 0.5f, -1f) as vector")
        .write()
        .option("compression", "zstd")
        .parquet(table.toString());
    whole = Files.readAllBytes(ParquetFilesTest.onlyFile(table));
    file = Files.write(folder.resolve("plain.parquet"), whole);
  }

  @Test
  void aWholeFilePasses() {
    assertThatCode(() -> ParquetFile.verifyPages(file.toString(), HADOOP))
        .doesNotThrowAnyException();
  }

  @Test
  void aFlippedBitInAPageIsNoticed() throws IOException {
    BitSet content = pageContents();
    assertThat(content.cardinality()).isGreaterThan(whole.length / 4);
    for (int position = content.nextSetBit(0);
        position >= 0;
        position = content.nextSetBit(position + 5)) {
      writeFlipped(position, position % 8);
      assertThatThrownBy(() -> ParquetFile.verifyPages(file.toString(), HADOOP))
          .as("bit flipped in byte %d", position)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot read Parquet file %s: ", file)
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
  }

  @Test
  void aFlippedBitInTheFooterChangesItsChecksumOrIsRefused() throws IOException {
    String original = footer().footerSha256();
    Random random = new Random(7);
    for (int position = footerStart(); position < whole.length; position += step(position)) {
      writeFlipped(position, random.nextInt(8));
      String found;
      try {
        found = footer().footerSha256();
      } catch (IllegalArgumentException refused) {
        found = refused.getMessage();
        assertThat(found).startsWith("Cannot read Parquet file file:" + file + ": ");
      }
      assertThat(found).as("bit flipped in byte %d", position).isNotEqualTo(original);
    }
  }

  /** Every byte of the tail, and some of the footer before it. */
  private int step(int position) {
    return position < whole.length - 16 ? 7 : 1;
  }

  /** The headers of pages have no checksum, but what they damage must not crash the reader. */
  @Test
  void aFlippedBitElsewhereIsRefusedOrPassesQuietly() throws IOException {
    BitSet content = pageContents();
    for (int position = content.nextClearBit(0);
        position < footerStart();
        position = content.nextClearBit(position + 1)) {
      writeFlipped(position, position % 8);
      try {
        ParquetFile.verifyPages(file.toString(), HADOOP);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageStartingWith("Cannot read Parquet file %s: ", file);
      }
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("missing.parquet");
    assertThatThrownBy(() -> ParquetFile.verifyPages(missing.toString(), HADOOP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read Parquet file %s: ", missing)
        .hasMessageContaining("does not exist");
  }

  private ParquetFile footer() throws IOException {
    var path = new org.apache.hadoop.fs.Path(file.toUri());
    FileStatus status = path.getFileSystem(HADOOP).getFileStatus(path);
    return ParquetFile.readFooter(status, HADOOP);
  }

  private void writeFlipped(int position, int bit) throws IOException {
    byte[] damaged = whole.clone();
    damaged[position] ^= (byte) (1 << bit);
    Files.write(file, damaged);
  }

  private int footerStart() {
    int tail = whole.length - 8;
    return tail - ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(tail);
  }

  /** The bytes of pages behind their headers. */
  private BitSet pageContents() throws IOException {
    BitSet content = new BitSet(whole.length);
    var path = new org.apache.hadoop.fs.Path(file.toUri());
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, HADOOP))) {
      for (BlockMetaData block : reader.getFooter().getBlocks()) {
        for (ColumnChunkMetaData column : block.getColumns()) {
          addPages(column, content);
        }
      }
    }
    return content;
  }

  private void addPages(ColumnChunkMetaData column, BitSet content) throws IOException {
    int position = (int) column.getStartingPos();
    int end = position + (int) column.getTotalSize();
    while (position < end) {
      ByteArrayInputStream in = new ByteArrayInputStream(whole, position, end - position);
      PageHeader header = Util.readPageHeader(in);
      int start = end - in.available();
      position = start + header.getCompressed_page_size();
      content.set(start, position);
    }
  }
}
