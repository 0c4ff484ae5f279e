package org.sparkgbert.corpus;

import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.execution.datasources.CodecStreams$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;

/**
 * JSON texts, lines or files, in which something stands behind the first value.
 *
 * @param count how many there are
 * @param example the file where one of those is; null if there is none
 */
record JsonTails(long count, String example) {
  /**
   * Looks at each line.
   *
   * @param lines the lines as they stand in the files
   * @param column the column that holds them
   */
  static JsonTails ofLines(Dataset<Row> lines, String column, JSONOptions options) {
    Column line = ColumnNames.column(column).cast(DataTypes.BinaryType);
    Column tail = ColumnNames.column("tail");
    Row found =
        lines
            .select(
                udf(new JsonTail(options), DataTypes.BooleanType).apply(line).as("tail"),
                input_file_name().as("file"))
            .agg(count_if(tail), first(when(tail, ColumnNames.column("file")), true))
            .head();
    return new JsonTails(found.getLong(0), found.getString(1));
  }

  /** Looks at each file as a whole. */
  static JsonTails ofFiles(SparkSession spark, List<FileStatus> files, JSONOptions options) {
    if (files.isEmpty()) {
      return new JsonTails(0, null);
    }
    JsonTail tail = new JsonTail(options);
    var hadoop = new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> paths = files.stream().map(file -> file.getPath().toString()).toList();
    List<String> found =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(paths, Math.min(paths.size(), spark.sparkContext().defaultParallelism()))
            .filter(
                path -> {
                  try (InputStream in =
                      CodecStreams$.MODULE$.createInputStream(hadoop.value(), new Path(path))) {
                    return tail.isIn(in);
                  }
                })
            .collect();
    return new JsonTails(found.size(), found.isEmpty() ? null : found.get(0));
  }

  /**
   * Refuses files of which Spark would read the first value only.
   *
   * @param accepted whether the user said that they are to be read as they are
   * @return what users should know of them otherwise
   * @throws IllegalArgumentException if there are such files, and the user said nothing
   */
  List<String> judgeFiles(boolean accepted) {
    if (count == 0) {
      return List.of();
    }
    String finding =
        "in %d files something stands behind the first JSON value, which alone is read with multiLine=true, the first is %s"
            .formatted(count, example);
    if (!accepted) {
      throw new IllegalArgumentException(
          "Cannot read corpus: %s; if each line is one JSON object leave out --read-option multiLine=true, otherwise put the values of a file into one array%s"
              .formatted(finding, TextRecords.OTHERWISE));
    }
    return List.of("Corpus: " + finding + ".");
  }
}
