package org.sparkgbert.corpus;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.v2.FileDataSourceV2;
import org.sparkgbert.settings.Settings;

/**
 * Where a corpus comes from.
 *
 * @param paths files, directories, globs, or a table's name for a format that has tables
 * @param format Spark's name of the data source, such as {@code parquet}, {@code csv} or {@code
 *     iceberg}
 * @param readOptions options for that source
 * @param where SQL condition that selects rows, empty for all
 */
public record CorpusSource(
    List<String> paths, String format, Map<String, String> readOptions, String where) {
  /** Parquet readers compare pages with their checksums only when this is set. */
  private static final Map<String, String> VERIFY_PAGES =
      Map.of("parquet.page.verify-checksum.enabled", "true");

  /** CSV as RFC 4180 defines it: quotes are doubled, and fields may hold line ends. */
  private static final Map<String, String> RFC_4180 = Map.of("escape", "\"", "multiLine", "true");

  /** Reads the settings of {@link InputOptions}. */
  public static CorpusSource of(Settings settings) {
    return new CorpusSource(
        settings.get(InputOptions.INPUT),
        settings.get(InputOptions.FORMAT),
        settings.get(InputOptions.READ_OPTION),
        settings.get(InputOptions.WHERE));
  }

  /**
   * Opens the corpus; of Parquet, every footer is read first.
   *
   * @throws IllegalArgumentException if a path is missing, a Parquet file is damaged, the condition
   *     is no SQL for these columns, there are no rows, or a setting leaves out rows without a word
   */
  public Corpus open(SparkSession spark) {
    WholeReads.require(spark, readOptions);
    List<ParquetFile> files = isParquet() ? footers(spark) : List.of();
    Dataset<Row> all = load(spark);
    Dataset<Row> kept = where.isEmpty() ? all : filter(all);
    boolean allFiles = isParquet() && !WholeReads.chooseFiles(readOptions);
    boolean counted = allFiles && where.isEmpty();
    long count = files.stream().mapToLong(ParquetFile::rows).sum();
    boolean empty = counted ? count == 0 : isEmpty(kept);
    if (empty) {
      throw new IllegalArgumentException(
          "Cannot read corpus %s: it has no rows%s"
              .formatted(name(), where.isEmpty() ? "" : " where " + where));
    }
    return new Corpus(
        kept,
        counted ? OptionalLong.of(count) : OptionalLong.empty(),
        allFiles ? files : List.of());
  }

  private boolean isEmpty(Dataset<Row> kept) {
    try {
      return kept.isEmpty();
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + name(), e);
    }
  }

  private boolean isParquet() {
    return format.equalsIgnoreCase("parquet");
  }

  private List<ParquetFile> footers(SparkSession spark) {
    return ParquetFiles.readFooters(paths, spark.sessionState().newHadoopConf());
  }

  private Dataset<Row> load(SparkSession spark) {
    try {
      DataFrameReader reader = spark.read().format(format);
      if (isParquet()) {
        reader.options(VERIFY_PAGES);
      } else if (format.equalsIgnoreCase("csv")) {
        reader.options(RFC_4180);
      }
      reader.options(readOptions);
      return readsFiles(spark)
          ? InputPaths.load(reader, paths, spark.sessionState().newHadoopConf())
          : reader.load(paths.toArray(String[]::new));
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + name(), e);
    }
  }

  private boolean readsFiles(SparkSession spark) {
    Class<?> source = DataSource.lookupDataSource(format, spark.sessionState().conf());
    return FileFormat.class.isAssignableFrom(source)
        || FileDataSourceV2.class.isAssignableFrom(source);
  }

  private Dataset<Row> filter(Dataset<Row> all) {
    try {
      return all.where(where);
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot filter corpus by '" + where + "'", e);
    }
  }

  private String name() {
    return String.join(", ", paths);
  }
}
