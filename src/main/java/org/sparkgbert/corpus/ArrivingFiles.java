package org.sparkgbert.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.streaming.checkpointing.OffsetSeqLog;
import org.apache.spark.sql.execution.streaming.runtime.FileStreamSource.FileEntry;
import org.apache.spark.sql.execution.streaming.runtime.FileStreamSourceLog;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.HadoopFiles;
import scala.Option;

/**
 * Files that arrive in a directory and that Spark reads as a stream. They are read with the options
 * of {@link FileCorpus}, and checked as it checks them; their columns are those that were there
 * when the stream began.
 *
 * @param spark the session
 * @param source where they arrive: one directory or glob
 * @param format how Spark reads them
 */
public record ArrivingFiles(SparkSession spark, CorpusSource source, FileFormat format) {
  /** Column with the time at which a row's file was written. */
  public static final String WRITTEN = "spark_gbert_written";

  /** Column with the path of a row's file. */
  public static final String FILE = "spark_gbert_file";

  /** Column with the first byte of the part of the file that a row was read from. */
  public static final String BLOCK = "spark_gbert_block";

  private static final Set<String> FORMATS = Set.of("parquet", "orc", "json", "csv");
  private static final Set<String> TEXT = Set.of("json", "csv");
  private static final String MAX_AGE = "maxFileAge";

  /** Spark leaves out files that are a week older than the newest; this is a hundred years. */
  private static final String ANY_AGE = "36500d";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Files of a format that can be followed.
   *
   * @throws IllegalArgumentException if they cannot be, or a setting leaves out rows or their order
   */
  public static ArrivingFiles of(SparkSession spark, CorpusSource source) {
    WholeReads.require(spark, source.readOptions());
    ArrivingFiles files =
        source
            .fileFormat(spark)
            .map(format -> new ArrivingFiles(spark, source, format))
            .filter(each -> FORMATS.contains(each.name()))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot follow format %s: only parquet, orc, json, csv, iceberg and delta can be followed"
                            .formatted(source.format())));
    if (source.paths().size() != 1) {
      throw new IllegalArgumentException(
          "Cannot follow %d paths: a stream of files reads one directory or glob, found %s"
              .formatted(source.paths().size(), source.paths()));
    }
    if (source.hasOption("latestFirst")) {
      throw new IllegalArgumentException(
          "Cannot follow with --read-option latestFirst: of two rows with the same id the later one counts; leave it out");
    }
    return files;
  }

  private String name() {
    return corpus(source).name();
  }

  private FileCorpus corpus(CorpusSource files) {
    return new FileCorpus(spark, files, format);
  }

  /**
   * The columns of the files that are there, which are read and checked first.
   *
   * @param needed columns that every file must have
   * @param notes is told what users should know
   * @throws IllegalArgumentException if there are no rows, or the files cannot be read
   */
  public StructType schema(List<String> needed, Consumer<String> notes) {
    CorpusSource all = new CorpusSource(source.paths(), source.format(), source.readOptions(), "");
    Corpus corpus = all.open(spark);
    corpus.requireInEveryFile(needed.toArray(String[]::new));
    corpus.notes(needed.toArray(String[]::new)).forEach(notes);
    if (Arrays.asList(corpus.rows().columns()).contains("_metadata")) {
      throw new IllegalArgumentException(
          "Cannot follow %s: a column has the name _metadata, by which Spark tells of files; rename it"
              .formatted(source.name()));
    }
    return corpus.rows().schema().asNullable();
  }

  /**
   * The rows as they arrive, with {@link #WRITTEN}, {@link #FILE} and {@link #BLOCK}.
   *
   * @param schema their columns
   */
  public Dataset<Row> rows(StructType schema) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.put(MAX_AGE, ANY_AGE);
    options.putAll(corpus(source).options());
    if (isTyped(schema)) {
      // A value of another type would be null without a word.
      options.putIfAbsent("mode", "FAILFAST");
    }
    return spark
        .readStream()
        .format(source.format())
        .schema(schema)
        .options(options)
        .load(source.paths().get(0))
        .select(
            functions.col("*"),
            functions.col("_metadata.file_modification_time").as(WRITTEN),
            functions.col("_metadata.file_path").as(FILE),
            functions.col("_metadata.file_block_start").as(BLOCK));
  }

  private boolean isTyped(StructType schema) {
    return TEXT.contains(name())
        && Arrays.stream(schema.fields())
            .anyMatch(field -> !(field.dataType() instanceof StringType));
  }

  /** What tells which of two rows of a batch came later, once it is no stream any more. */
  public static Column order() {
    return functions.struct(
        functions.col(WRITTEN),
        functions.col(FILE),
        functions.col(BLOCK),
        functions.monotonically_increasing_id());
  }

  /**
   * The files of a batch, also those without rows, which the batch itself does not tell.
   *
   * @param checkpoint Spark's directory of the stream
   * @param batch the batch's number
   */
  public List<Path> ofBatch(String checkpoint, long batch) {
    OffsetSeqLog offsets = new OffsetSeqLog(spark, checkpoint + "/offsets");
    long before = batch == 0 ? -1 : newestEntry(offsets, batch - 1);
    long newest = newestEntry(offsets, batch);
    if (newest <= before) {
      return List.of();
    }
    FileStreamSourceLog log =
        new FileStreamSourceLog(FileStreamSourceLog.VERSION(), spark, checkpoint + "/sources/0");
    List<Path> files = new ArrayList<>();
    for (var entries : log.get(Option.apply(before + 1), Option.apply(newest))) {
      for (FileEntry file : entries._2()) {
        files.add(file.sparkPath().toPath());
      }
    }
    return files;
  }

  private static long newestEntry(OffsetSeqLog offsets, long batch) {
    Offset offset = offsets.get(batch).get().offsets().head().get();
    try {
      return JSON.readTree(offset.json()).get("logOffset").longValue();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read the offset of batch " + batch, e);
    }
  }

  /**
   * Reads files as a corpus is read, and compares their columns.
   *
   * @param files new files
   * @param schema the columns of those that were there before
   * @param needed columns that every file must have
   * @param kept columns whose types matter, and beside which others would be lost; empty for all
   * @param notes is told what users should know
   * @throws IllegalArgumentException if one is damaged, or has other columns; the message names it
   */
  public void require(
      List<Path> files,
      StructType schema,
      List<String> needed,
      List<String> kept,
      Consumer<String> notes) {
    List<String> full = new ArrayList<>();
    for (Path file : files) {
      long length =
          HadoopFiles.status(file, spark.sessionState().newHadoopConf())
              .map(FileStatus::getLen)
              .orElseThrow(() -> isGone(file));
      if (length == 0 && TEXT.contains(name())) {
        notes.accept(
            "The file %s is empty: what is written into it later is not seen; move whole files into the directory"
                .formatted(file));
      } else {
        full.add(file.toString());
      }
    }
    if (!full.isEmpty()) {
      Corpus found =
          corpus(new CorpusSource(full, source.format(), source.readOptions(), "")).open();
      found.requireInEveryFile(needed.toArray(String[]::new));
      found.notes(needed.toArray(String[]::new)).forEach(notes);
      requireSame(found.rows().schema(), schema, kept, full);
    }
  }

  private IllegalArgumentException isGone(Path file) {
    return new IllegalArgumentException(
        "Cannot follow %s: the file %s arrived and is gone before it was read; put it back, or begin with a new --checkpoint"
            .formatted(source.name(), file));
  }

  private void requireSame(
      StructType found, StructType schema, List<String> kept, List<String> files) {
    if (name().equals("csv") && !dataColumns(schema, files).equals(List.of(found.fieldNames()))) {
      // Spark takes columns of CSV by their places.
      throw otherColumns(
          "columns " + Arrays.toString(found.fieldNames()),
          "expected " + dataColumns(schema, files),
          files);
    }
    for (StructField field : found.fields()) {
      if (kept.isEmpty() || kept.contains(field.name())) {
        requireSame(field.name(), field, schema, files);
      }
    }
  }

  /** Those that do not come from names of directories. */
  private static List<String> dataColumns(StructType schema, List<String> files) {
    return Arrays.stream(schema.fieldNames())
        .filter(
            name -> !files.get(0).contains("/" + ExternalCatalogUtils.escapePathName(name) + "="))
        .toList();
  }

  private void requireSame(String path, StructField field, StructType schema, List<String> files) {
    boolean isExact = spark.sessionState().conf().caseSensitiveAnalysis();
    StructField known =
        Arrays.stream(schema.fields())
            .filter(
                each ->
                    isExact
                        ? each.name().equals(field.name())
                        : each.name().equalsIgnoreCase(field.name()))
            .findFirst()
            .orElseThrow(() -> otherColumns("column '" + path + "'", "which is new", files));
    requireSame(path, field.dataType(), known.dataType(), files);
  }

  /** What a type has inside is read by name too, and left out likewise. */
  private void requireSame(String path, DataType found, DataType known, List<String> files) {
    if (found instanceof StructType inside && known instanceof StructType outside) {
      for (StructField field : inside.fields()) {
        requireSame(path + "." + field.name(), field, outside, files);
      }
    } else if (found instanceof ArrayType inside && known instanceof ArrayType outside) {
      requireSame(path, inside.elementType(), outside.elementType(), files);
    } else if (found instanceof MapType inside && known instanceof MapType outside) {
      requireSame(path, inside.valueType(), outside.valueType(), files);
    } else if (!TEXT.contains(name()) && !Cast.canUpCast(found, known)) {
      throw otherColumns(
          "column '%s' of type %s".formatted(path, found.simpleString()),
          "expected " + known.simpleString(),
          files);
    }
  }

  private IllegalArgumentException otherColumns(String what, String why, List<String> files) {
    return new IllegalArgumentException(
        "Cannot follow %s: %s new files, such as %s, have %s, %s; correct them in place, or run once without --follow, and then follow with a new --checkpoint"
            .formatted(source.name(), files.size(), files.get(0), what, why));
  }
}
