package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Writes texts as the Parquet corpus of a job: columns {@code id} and {@code text}. */
final class CorpusFiles {
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.INT64)
          .named("id")
          .optional(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("text")
          .named("corpus");

  private CorpusFiles() {}

  /**
   * Writes a corpus.
   *
   * @param files texts of each file, which Spark reads as one partition
   * @param directory created
   */
  static void write(List<List<CountedText>> files, Path directory) {
    try {
      Files.createDirectories(directory);
      long id = 0;
      for (int i = 0; i < files.size(); i++) {
        Path file = directory.resolve("part-%05d.parquet".formatted(i));
        try (ParquetWriter<Group> writer = open(file)) {
          for (CountedText text : files.get(i)) {
            SimpleGroup row = new SimpleGroup(SCHEMA);
            row.add("id", id++);
            row.add("text", text.text());
            writer.write(row);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + directory + ": " + e.getMessage(), e);
    }
  }

  private static ParquetWriter<Group> open(Path file) throws IOException {
    return ExampleParquetWriter.builder(new LocalOutputFile(file))
        .withConf(new PlainParquetConfiguration())
        .withType(SCHEMA)
        .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
        .build();
  }
}
