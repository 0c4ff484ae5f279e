package org.sparkgbert.corpus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.SchemaUtils$;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Listed files, and how Spark reads them.
 *
 * @param spark the session
 * @param corpus name of the corpus, for messages
 * @param format how Spark reads them
 * @param files the files
 */
record FileRelation(SparkSession spark, String corpus, FileFormat format, InputFiles files) {
  private static final String MULTI_LINE = "multiLine";
  private static final Pattern GLOB_CHARACTER = Pattern.compile("[{}\\[\\]*?:\\\\]");

  /** The same files in another format. */
  FileRelation as(FileFormat other) {
    return new FileRelation(spark, corpus, other, files);
  }

  /** Options with another one; their names are read in any case. */
  static Map<String, String> with(Map<String, String> options, String name, String value) {
    Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(options);
    more.put(name, value);
    return more;
  }

  static boolean isTrue(Map<String, String> options, String name) {
    return Boolean.parseBoolean(options.getOrDefault(name, "false"));
  }

  /** Whether a record may have several lines. */
  static boolean isMultiLine(Map<String, String> options) {
    return isTrue(options, MULTI_LINE);
  }

  /** The rows, with the columns that Spark finds. */
  Dataset<Row> infer(Map<String, String> options) {
    Optional<FileStatus> glob = isMultiLine(options) ? likeGlob() : Optional.empty();
    if (glob.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot find the types of columns in %s: with multiLine=true Spark takes the name for a glob; rename it or read it without inferSchema"
              .formatted(glob.get().getPath()));
    }
    return rows(options, schema(options, files.read()));
  }

  /**
   * The columns that Spark finds in some files.
   *
   * @throws IllegalArgumentException if there are none
   */
  StructType schema(Map<String, String> options, List<FileStatus> some) {
    Option<StructType> schema =
        format.inferSchema(
            spark, InputFiles.parameters(options), CollectionConverters.asScala(some).toSeq());
    if (schema.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read corpus %s: there are no columns".formatted(corpus));
    }
    return schema.get();
  }

  /** A file whose name Spark takes for a glob where a record has several lines. */
  Optional<FileStatus> likeGlob() {
    List<FileStatus> read = files.read();
    return read.stream()
        .filter(file -> GLOB_CHARACTER.matcher(file.getPath().toUri().getPath()).find())
        .findFirst();
  }

  /**
   * The rows.
   *
   * @param data their columns, but for those from names of directories
   */
  Dataset<Row> rows(Map<String, String> options, StructType data) {
    boolean isExact = spark.sessionState().conf().caseSensitiveAnalysis();
    StructType partitions = files.index().partitionSchema();
    SchemaUtils$.MODULE$.checkSchemaColumnNameDuplication(data, isExact);
    SchemaUtils$.MODULE$.checkSchemaColumnNameDuplication(partitions, isExact);
    return spark.baseRelationToDataFrame(
        new HadoopFsRelation(
            files.index(),
            partitions,
            data.asNullable(),
            Option.empty(),
            format,
            InputFiles.parameters(options),
            spark));
  }
}
