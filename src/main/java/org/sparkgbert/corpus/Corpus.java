package org.sparkgbert.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/** A corpus that has been opened. */
public final class Corpus {
  private final Dataset<Row> rows;
  private final OptionalLong count;
  private final List<CorpusFile> files;
  private final List<String> notes;
  private final String format;

  /**
   * @param rows its rows
   * @param count how many there are, if that is known without reading them
   * @param files its files, as far as their columns are known
   * @param notes what users should know of it
   * @param format Spark's name of the data source
   */
  Corpus(
      Dataset<Row> rows,
      OptionalLong count,
      List<CorpusFile> files,
      List<String> notes,
      String format) {
    this.rows = rows;
    this.count = count;
    this.files = List.copyOf(files);
    this.notes = List.copyOf(notes);
    this.format = format;
  }

  /** A corpus of whose files nothing is known. */
  public Corpus(Dataset<Row> rows, OptionalLong count) {
    this(rows, count, List.of(), List.of(), "");
  }

  /**
   * Those rows of it that a condition holds for; an unknown number.
   *
   * @throws IllegalArgumentException if a column that the condition reads is not in every file
   */
  Corpus where(String condition) {
    Dataset<Row> kept = rows.where(condition);
    requireInEveryFile(readBy(kept));
    return new Corpus(kept, OptionalLong.empty(), files, notes, format);
  }

  /** The columns that the condition of a filter reads, however it spells them. */
  private List<String> readBy(Dataset<Row> filtered) {
    AttributeSet read = filtered.queryExecution().analyzed().references();
    return CollectionConverters.asJava(rows.queryExecution().analyzed().output()).stream()
        .filter(read::contains)
        .map(Attribute::name)
        .toList();
  }

  /** The same corpus, its rows selected in another way. */
  public Corpus withRows(Dataset<Row> others) {
    return new Corpus(others, count, files, notes, format);
  }

  /** Its rows. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** How many there are, if that is known without reading them. */
  public OptionalLong count() {
    return count;
  }

  /**
   * Makes sure that columns of the corpus are in every file, with the same type: where one is not,
   * Spark takes it for null.
   *
   * @throws IllegalArgumentException if one is missing or different somewhere, with the file's
   *     name; or everywhere, and the file may have its names in a first line that was not taken for
   *     a header
   */
  public void requireInEveryFile(String... columns) {
    List<String> known = List.of(rows.columns());
    Arrays.stream(columns).forEach(column -> requireHeader(column, known));
    requireInEveryFile(List.of(columns));
  }

  /**
   * The same for columns that need not be there at all.
   *
   * @throws IllegalArgumentException if one is missing in some file, and not in all
   */
  public void requireInEveryFile(List<String> columns) {
    List<String> known = List.of(rows.columns());
    for (String column : columns) {
      for (CorpusFile file : files) {
        if (known.contains(column) && !has(file, column)) {
          throw new IllegalArgumentException(
              "Cannot read column '%s': the file %s has no such column, found %s"
                  .formatted(column, file.path(), file.columns()));
        }
      }
      new ColumnTypes(files, isExact()).requireSame(column);
    }
  }

  private boolean isExact() {
    return rows.sparkSession().sessionState().conf().caseSensitiveAnalysis();
  }

  /**
   * What users should know of columns that nobody named, which are kept because all are: those that
   * are null in the rows of some files, which do not have them.
   *
   * @param columns columns of the corpus
   */
  public List<String> notesOfKept(List<String> columns) {
    List<String> all = new ArrayList<>();
    for (String column : columns) {
      List<CorpusFile> without = files.stream().filter(file -> !has(file, column)).toList();
      if (!without.isEmpty()) {
        all.add(
            "Corpus: column '%s' is null in the rows of %d of %d files, which have no such column, such as %s."
                .formatted(column, without.size(), files.size(), without.get(0).path()));
      }
    }
    return all;
  }

  /**
   * What its files keep of a column beside its type, such as what made it.
   *
   * @return metadata as JSON, with the first file that has it; empty JSON for files without any; no
   *     entry if nothing is known of the files
   */
  public Map<String, String> metadata(String column) {
    Map<String, String> firstFiles = new LinkedHashMap<>();
    for (CorpusFile file : format.equals("parquet") ? files : List.<CorpusFile>of()) {
      firstFiles.putIfAbsent(file.metadata().getOrDefault(column, "{}"), file.path());
    }
    return firstFiles;
  }

  private void requireHeader(String column, List<String> known) {
    if (format.equals("csv") && !known.contains(column) && known.contains("_c0")) {
      throw new IllegalArgumentException(
          "Cannot read column '%s': there is no such column, found %s; if the first line of each file has the names, add --read-option header=true"
              .formatted(column, known));
    }
  }

  /** In its schema, or in the names of the directories that it lies in. */
  private boolean has(CorpusFile file, String column) {
    boolean exact = isExact();
    return file.columns().stream()
            .anyMatch(name -> exact ? name.equals(column) : name.equalsIgnoreCase(column))
        || file.path().contains("/" + ExternalCatalogUtils.escapePathName(column) + "=");
  }

  /**
   * What users should know of how it was read.
   *
   * @param columns the columns that matter; files of JSON in which one has no value are named,
   *     since only that tells that a file names it differently
   */
  public List<String> notes(String... columns) {
    List<String> all = new ArrayList<>(notes);
    if (format.equals("json")) {
      Arrays.stream(columns)
          .filter(List.of(rows.columns())::contains)
          .forEach(column -> noteFilesWithout(column, all));
    }
    return all;
  }

  private void noteFilesWithout(String column, List<String> all) {
    Row found =
        rows.groupBy(functions.input_file_name().as("file"))
            .agg(functions.count(ColumnNames.column(column)).as("values"))
            .where("values = 0")
            .agg(functions.count(functions.lit(1)), functions.first("file"))
            .head();
    if (found.getLong(0) > 0) {
      all.add(
          "Corpus: in %d files no record has a value '%s', such as %s."
              .formatted(found.getLong(0), column, found.getString(1)));
    }
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
          "Cannot read corpus: its files hold %d rows, found %d"
              .formatted(count.getAsLong(), read));
    }
  }
}
