package org.sparkgbert.corpus;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.Type;
import org.sparkgbert.files.Checksums;

/**
 * What the footer of a Parquet file says.
 *
 * @param path the file
 * @param bytes its length
 * @param rows its rows
 * @param footerSha256 SHA-256 of the footer, which Parquet's own checksums do not cover
 * @param columns names of its columns
 */
public record ParquetFile(
    String path, long bytes, long rows, String footerSha256, List<String> columns)
    implements Serializable {
  /** Footer length and the letters PAR1, at the end of every file. */
  private static final int TAIL_BYTES = 8;

  /**
   * Reads a footer.
   *
   * @throws IllegalArgumentException if the file is not a complete Parquet file; the message names
   *     it
   */
  public static ParquetFile readFooter(FileStatus file, Configuration hadoop) {
    Path path = file.getPath();
    if (file.getLen() == 0) {
      throw unreadable(path, "it is empty", null);
    }
    try {
      HadoopInputFile input = HadoopInputFile.fromStatus(file, hadoop);
      try (ParquetFileReader reader = ParquetFileReader.open(input)) {
        long rows =
            reader.getFooter().getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
        List<String> columns =
            reader.getFileMetaData().getSchema().getFields().stream().map(Type::getName).toList();
        return new ParquetFile(path.toString(), file.getLen(), rows, footerSha256(input), columns);
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, SparkErrors.oneLine(e), e);
    }
  }

  /**
   * Reads every page of a file and compares it with its checksum.
   *
   * @throws IllegalArgumentException if a page is damaged; the message names the file
   */
  public static void verifyPages(String file, Configuration hadoop) {
    Path path = new Path(file);
    ParquetReadOptions options =
        HadoopReadOptions.builder(hadoop, path).usePageChecksumVerification(true).build();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, hadoop), options)) {
      while (reader.readNextRowGroup() != null) {
        // Reading a row group verifies its pages; their content is not needed.
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, SparkErrors.oneLine(e), e);
    }
  }

  private static String footerSha256(HadoopInputFile file) throws IOException {
    long end = file.getLength() - TAIL_BYTES;
    try (SeekableInputStream in = file.newStream()) {
      byte[] tail = new byte[TAIL_BYTES];
      in.seek(end);
      in.readFully(tail);
      byte[] footer = new byte[ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt()];
      in.seek(end - footer.length);
      in.readFully(footer);
      return Checksums.sha256(footer);
    }
  }

  private static IllegalArgumentException unreadable(Path path, String reason, Exception cause) {
    return new IllegalArgumentException(
        "Cannot read Parquet file %s: %s".formatted(path, reason), cause);
  }
}
