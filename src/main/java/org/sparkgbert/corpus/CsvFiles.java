package org.sparkgbert.corpus;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.csv.UnivocityParser$;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import org.apache.spark.sql.execution.datasources.CodecStreams$;
import org.apache.spark.sql.execution.datasources.csv.CSVUtils$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Iterator;

/**
 * The first records of CSV files. Spark takes the names of columns from one file, and then reads
 * all by position.
 *
 * @param files the files with their columns; none where they have no header
 * @param schema the columns, all strings
 */
record CsvFiles(List<CorpusFile> files, StructType schema) {
  CsvFiles {
    files = List.copyOf(files);
  }

  /**
   * Reads the first record of each file.
   *
   * @param options options of the data source
   * @param byPosition whether headers may differ
   * @throws IllegalArgumentException if the headers of two files differ and must not
   */
  static CsvFiles read(
      SparkSession spark,
      List<FileStatus> files,
      CaseInsensitiveMap<String> options,
      boolean byPosition) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    CSVOptions csv = options(spark, options);
    List<CorpusFile> found = new ArrayList<>();
    for (CorpusFile file : Parallel.map(files, file -> firstRecord(file, csv, hadoop))) {
      if (!file.columns().isEmpty()) {
        found.add(file);
      }
    }
    String[] first =
        found.isEmpty() ? new String[0] : found.get(0).columns().toArray(String[]::new);
    boolean isExact = spark.sessionState().conf().caseSensitiveAnalysis();
    StructType schema = new StructType();
    for (String name : CSVUtils$.MODULE$.makeSafeHeader(first, isExact, csv)) {
      schema = schema.add(name, DataTypes.StringType);
    }
    if (csv.headerFlag() && !byPosition) {
      requireSameHeaders(found);
    }
    return new CsvFiles(csv.headerFlag() ? found : List.of(), schema);
  }

  /** Options as Spark understands them. */
  static CSVOptions options(SparkSession spark, CaseInsensitiveMap<String> options) {
    var conf = spark.sessionState().conf();
    return new CSVOptions(
        options, false, conf.sessionLocalTimeZone(), conf.columnNameOfCorruptRecord());
  }

  private static CorpusFile firstRecord(FileStatus file, CSVOptions csv, Configuration hadoop) {
    Path path = file.getPath();
    CsvParserSettings settings = csv.asParserSettings();
    settings.setLineSeparatorDetectionEnabled(csv.lineSeparatorInRead().isEmpty());
    CsvParser parser = new CsvParser(settings);
    try (InputStream in = CodecStreams$.MODULE$.createInputStream(hadoop, path)) {
      Iterator<String[]> records =
          UnivocityParser$.MODULE$.tokenizeStream(in, false, parser, csv.charset());
      List<String> columns = new ArrayList<>();
      if (records.hasNext()) {
        for (String column : records.next()) {
          columns.add(column == null ? "" : column);
        }
      }
      return new CorpusFile(path.toString(), columns);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot read CSV file %s: %s".formatted(path, SparkErrors.oneLine(e)), e);
    } finally {
      parser.stopParsing();
    }
  }

  private static void requireSameHeaders(List<CorpusFile> files) {
    for (CorpusFile file : files) {
      CorpusFile first = files.get(0);
      if (!file.columns().equals(first.columns())) {
        throw new IllegalArgumentException(
            "Cannot read CSV files by position: %s has the columns %s, found %s in %s; read them in separate runs"
                .formatted(first.path(), first.columns(), file.columns(), file.path()));
      }
    }
  }
}
