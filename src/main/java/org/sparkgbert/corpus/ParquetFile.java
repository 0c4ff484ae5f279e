package org.sparkgbert.corpus;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.execution.datasources.parquet.ParquetReadSupport;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.Checksums;

/**
 * What the footer of a Parquet file says.
 *
 * @param path the file
 * @param bytes its length
 * @param rows its rows
 * @param footerSha256 SHA-256 of the footer, which Parquet's own checksums do not cover
 * @param columns names of its columns
 * @param types its columns with their types, as Spark reads them; empty if Spark cannot
 * @param metadata what Spark keeps of its columns beside their types, as JSON by column; only
 *     columns of which it keeps anything
 * @param partitions types of the partition columns that it declares; see {@link
 *     PartitionTypes#FOOTER_KEY}
 */
public record ParquetFile(
    String path,
    long bytes,
    long rows,
    String footerSha256,
    List<String> columns,
    StructType types,
    Map<String, String> metadata,
    String partitions)
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
    ParquetMetadata footer;
    String sha256;
    Map<String, String> metadata;
    try {
      HadoopInputFile input = HadoopInputFile.fromStatus(file, hadoop);
      try (ParquetFileReader reader = ParquetFileReader.open(input)) {
        footer = reader.getFooter();
        sha256 = footerSha256(input);
        metadata = metadata(footer.getFileMetaData().getKeyValueMetaData());
      }
    } catch (IOException | RuntimeException e) {
      throw unreadable(path, reason(path, e, hadoop), e);
    }
    requireCodecs(path, footer, hadoop);
    long rows = footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
    List<String> columns =
        footer.getFileMetaData().getSchema().getFields().stream().map(Type::getName).toList();
    String partitions =
        footer.getFileMetaData().getKeyValueMetaData().getOrDefault(PartitionTypes.FOOTER_KEY, "");
    return new ParquetFile(
        path.toString(),
        file.getLen(),
        rows,
        sha256,
        columns,
        types(footer.getFileMetaData().getSchema(), hadoop),
        metadata,
        partitions);
  }

  /** As the session's settings say, as far as they tell types of Parquet apart. */
  private static StructType types(MessageType schema, Configuration hadoop) {
    SQLConf conf = new SQLConf();
    String binary = SQLConf.PARQUET_BINARY_AS_STRING().key();
    conf.setConfString(binary, hadoop.get(binary, "false"));
    try {
      return new ParquetToSparkSchemaConverter(conf).convert(schema);
    } catch (RuntimeException unknown) {
      return new StructType();
    }
  }

  /** Parquet knows compressions whose library Spark does not bring. */
  private static void requireCodecs(Path path, ParquetMetadata footer, Configuration hadoop) {
    for (BlockMetaData block : footer.getBlocks()) {
      for (ColumnChunkMetaData column : block.getColumns()) {
        CompressionCodecName codec = column.getCodec();
        String type = codec.getHadoopCompressionCodecClassName();
        if (type != null && hadoop.getClassByNameOrNull(type) == null) {
          throw unreadable(
              path,
              "column '%s' is compressed with %s, for which Spark needs the class %s; add its library by --jars, or write the file again with zstd"
                  .formatted(column.getPath().toDotString(), codec, type),
              null);
        }
      }
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

  private static Map<String, String> metadata(Map<String, String> footer) {
    String schema = footer.get(ParquetReadSupport.SPARK_METADATA_KEY());
    if (schema == null || !(DataType.fromJson(schema) instanceof StructType columns)) {
      return Map.of();
    }
    Map<String, String> metadata = new TreeMap<>();
    for (StructField column : columns.fields()) {
      if (!column.metadata().equals(Metadata.empty())) {
        metadata.put(column.name(), column.metadata().json());
      }
    }
    return metadata;
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

  private static String reason(Path path, Exception error, Configuration hadoop) {
    return FileKind.of(path, hadoop)
        .filter(kind -> kind != FileKind.PARQUET)
        .map(kind -> kind.hint() + ", or leave it out with --read-option pathGlobFilter=*.parquet")
        .orElse(SparkErrors.oneLine(error));
  }

  private static IllegalArgumentException unreadable(Path path, String reason, Exception cause) {
    return new IllegalArgumentException(
        "Cannot read Parquet file %s: %s".formatted(path, reason), cause);
  }
}
