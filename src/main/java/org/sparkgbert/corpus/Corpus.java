package org.sparkgbert.corpus;

import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;

/**
 * A corpus that has been opened.
 *
 * @param rows its rows
 * @param count how many there are, if that is known without reading them
 * @param files the footers of its files, none where it is not Parquet
 */
public record Corpus(Dataset<Row> rows, OptionalLong count, List<ParquetFile> files) {
  public Corpus {
    files = List.copyOf(files);
  }

  /** A corpus of whose files nothing is known. */
  public Corpus(Dataset<Row> rows, OptionalLong count) {
    this(rows, count, List.of());
  }

  /**
   * Makes sure that columns of the corpus are in every file: where one is not, Spark takes it for
   * null.
   *
   * @throws IllegalArgumentException if one is missing somewhere, with the file's name
   */
  public void requireInEveryFile(String... columns) {
    List<String> known = List.of(rows.columns());
    for (String column : columns) {
      for (ParquetFile file : files) {
        if (known.contains(column) && !has(file, column)) {
          throw new IllegalArgumentException(
              "Cannot read column '%s': the file %s has no such column, found %s"
                  .formatted(column, file.path(), file.columns()));
        }
      }
    }
  }

  /** In its schema, or in the names of the directories that it lies in. */
  private boolean has(ParquetFile file, String column) {
    boolean exact = rows.sparkSession().sessionState().conf().caseSensitiveAnalysis();
    return file.columns().stream()
            .anyMatch(name -> exact ? name.equals(column) : name.equalsIgnoreCase(column))
        || file.path().contains("/" + ExternalCatalogUtils.escapePathName(column) + "=");
  }

  /**
   * Makes sure that all rows were read.
   *
   * @param read rows that were
   * @throws IllegalStateException if there are others
   */
  public void requireAll(long read) {
    if (count.isPresent() && count.getAsLong() != read) {
      throw new IllegalStateException(
          "Cannot read corpus: its footers count %d rows, found %d"
              .formatted(count.getAsLong(), read));
    }
  }
}
