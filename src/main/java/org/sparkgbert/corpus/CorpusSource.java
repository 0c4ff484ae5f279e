package org.sparkgbert.corpus;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.v2.FileDataSourceV2;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.settings.Settings;

/**
 * Where a corpus comes from.
 *
 * @param paths files, directories, globs, or a table's name for a format that has tables
 * @param format Spark's name of the data source, such as {@code parquet}, {@code csv} or {@code
 *     iceberg}, or {@link #VIEW}
 * @param readOptions options for that source
 * @param where SQL condition that selects rows, empty for all
 */
public record CorpusSource(
    List<String> paths, String format, Map<String, String> readOptions, String where) {
  /** The format whose path is the name of a table or view of the session. */
  public static final String VIEW = "view";

  /** Characters of a condition in messages. */
  private static final int SHOWN = 200;

  /** Class of SQL states. */
  private static final String DATA_EXCEPTION = "22";

  public CorpusSource {
    paths = paths.stream().map(HadoopFiles::unambiguous).toList();
  }

  /** Reads the settings of {@link InputOptions}. */
  public static CorpusSource of(Settings settings) {
    return new CorpusSource(
        settings.get(InputOptions.INPUT),
        settings.get(InputOptions.FORMAT),
        settings.get(InputOptions.READ_OPTION),
        settings.get(InputOptions.WHERE));
  }

  /**
   * Opens the corpus. Of files, every one is looked at first, and records of text are counted.
   *
   * @throws IllegalArgumentException if a path is missing, a file is damaged or would not be read,
   *     the files belong to a table of another format, records are malformed, the condition is no
   *     SQL for these columns, there are no rows, or a setting leaves out rows without a word
   */
  public Corpus open(SparkSession spark) {
    Corpus kept = openPerhapsEmpty(spark);
    if (hasNoRows(kept)) {
      throw new IllegalArgumentException(
          "Cannot read corpus %s: it has no rows%s"
              .formatted(
                  name(), where.isEmpty() ? "" : " where " + StringUtils.abbreviate(where, SHOWN)));
    }
    return kept;
  }

  /**
   * The same, but it may have no rows.
   *
   * @throws IllegalArgumentException likewise
   */
  public Corpus openPerhapsEmpty(SparkSession spark) {
    return filtered(openUnfiltered(spark));
  }

  /**
   * Opens it without its condition, so that more can be read from the same list of files.
   *
   * @throws IllegalArgumentException likewise
   */
  public Corpus openUnfiltered(SparkSession spark) {
    WholeReads.require(spark, readOptions);
    return fileFormat(spark).map(file -> openFiles(spark, file)).orElseGet(() -> load(spark));
  }

  /**
   * Those rows that the condition selects.
   *
   * @param all what {@link #openUnfiltered} opened
   * @throws IllegalArgumentException if the condition is no SQL for these columns
   */
  public Corpus filtered(Corpus all) {
    return where.isEmpty() ? all : filter(all);
  }

  /**
   * Whether a corpus that was opened has no rows, which takes a look at some of them.
   *
   * @throws IllegalArgumentException if the condition does not fit a value
   */
  public boolean hasNoRows(Corpus opened) {
    return opened.count().isPresent() ? opened.count().getAsLong() == 0 : isEmpty(opened);
  }

  private boolean isEmpty(Corpus kept) {
    try {
      return kept.rows().isEmpty();
    } catch (Exception e) {
      if (!where.isEmpty() && isOfValue(e)) {
        throw new IllegalArgumentException(
            "Cannot filter corpus by " + condition() + ": " + SparkErrors.oneLine(e), e);
      }
      throw SparkErrors.asBadInput("Cannot read corpus " + name(), e);
    }
  }

  /** Whether SQL failed on a value, as a cast does. */
  private static boolean isOfValue(Exception error) {
    return ExceptionUtils.getThrowableList(error).stream()
        .anyMatch(
            each ->
                each instanceof SparkThrowable sparks
                    && sparks.getSqlState() != null
                    && sparks.getSqlState().startsWith(DATA_EXCEPTION));
  }

  private Corpus openFiles(SparkSession spark, FileFormat file) {
    return new FileCorpus(spark, this, file).open();
  }

  private Corpus load(SparkSession spark) {
    try {
      Dataset<Row> rows =
          format.equals(VIEW)
              ? view(spark)
              : spark.read().format(format).options(readOptions).load(paths.toArray(String[]::new));
      return new Corpus(rows, OptionalLong.empty());
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + name(), e);
    }
  }

  /** Its columns have the provenance that their metadata tell; nothing is known of files. */
  private Dataset<Row> view(SparkSession spark) {
    if (paths.size() != 1 || !readOptions.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read corpus %s: a view is one name, without options of a data source"
              .formatted(name()));
    }
    return spark.table(paths.get(0));
  }

  /** How Spark reads the files of this format; empty if it has tables instead. */
  Optional<FileFormat> fileFormat(SparkSession spark) {
    if (format.equals(VIEW)) {
      return Optional.empty();
    }
    try {
      Class<?> source = DataSource.lookupDataSource(format, spark.sessionState().conf());
      if (FileDataSourceV2.class.isAssignableFrom(source)) {
        Object tables = source.getConstructor().newInstance();
        source = ((FileDataSourceV2) tables).fallbackFileFormat();
      }
      return FileFormat.class.isAssignableFrom(source)
          ? Optional.of((FileFormat) source.getConstructor().newInstance())
          : Optional.empty();
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + name(), e);
    }
  }

  private Corpus filter(Corpus all) {
    try {
      return all.where(where);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException(
          "Cannot filter corpus by %s: it is nested too deep".formatted(condition()), e);
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot filter corpus by " + condition(), e);
    }
  }

  private String condition() {
    return "'" + StringUtils.abbreviate(where, SHOWN) + "'";
  }

  /** Whether an option of the data source was given. */
  boolean hasOption(String option) {
    return readOptions.keySet().stream().anyMatch(option::equalsIgnoreCase);
  }

  /** Its paths, for messages. */
  String name() {
    return String.join(", ", paths);
  }
}
