package org.sparkgbert.lake;

import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.sparkgbert.corpus.PartitionTypes;
import scala.collection.immutable.Map;

/**
 * Parquet as Spark writes it, but for timestamps, which other tools read wrongly where they stand
 * as INT96; and its tasks report the rows of each file to a {@link WriteTally}. Spark makes the
 * instance, by the name of the class.
 */
public final class CountedParquet extends ParquetFileFormat {
  private static final long serialVersionUID = 1L;

  /** Option that names the tally. */
  static final String TALLY = "spark-gbert.tally";

  /** Option with the types of the partition columns. */
  static final String PARTITIONS = "spark-gbert.partitions";

  /** For Spark. */
  public CountedParquet() {}

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark, Job job, Map<String, String> options, StructType schema) {
    OutputWriterFactory writers = super.prepareWrite(spark, job, options, schema);
    job.getConfiguration().set(SQLConf.PARQUET_OUTPUT_TIMESTAMP_TYPE().key(), "TIMESTAMP_MICROS");
    job.getConfiguration().set(PartitionTypes.FOOTER_KEY, options.apply(PARTITIONS));
    ParquetOutputFormat.setWriteSupportClass(job, PartitionedWriteSupport.class);
    return new CountingWriters(writers, WriteTally.rowsOf(options.apply(TALLY)));
  }

  private static final class CountingWriters extends OutputWriterFactory {
    private static final long serialVersionUID = 1L;

    private final OutputWriterFactory writers;
    private final CollectionAccumulator<WriteTally.FileRows> counts;

    CountingWriters(
        OutputWriterFactory writers, CollectionAccumulator<WriteTally.FileRows> counts) {
      this.writers = writers;
      this.counts = counts;
    }

    @Override
    public String getFileExtension(TaskAttemptContext context) {
      return writers.getFileExtension(context);
    }

    @Override
    public OutputWriter newInstance(String path, StructType schema, TaskAttemptContext context) {
      return new CountingWriter(writers.newInstance(path, schema, context), counts);
    }
  }

  private static final class CountingWriter extends OutputWriter {
    private final OutputWriter writer;
    private final CollectionAccumulator<WriteTally.FileRows> counts;
    private long rows;

    CountingWriter(OutputWriter writer, CollectionAccumulator<WriteTally.FileRows> counts) {
      this.writer = writer;
      this.counts = counts;
    }

    @Override
    public void write(InternalRow row) {
      writer.write(row);
      rows++;
    }

    @Override
    public void close() {
      writer.close();
      counts.add(new WriteTally.FileRows(path(), rows));
    }

    @Override
    public String path() {
      return writer.path();
    }
  }
}
