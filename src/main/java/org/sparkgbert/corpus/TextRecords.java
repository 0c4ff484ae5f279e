package org.sparkgbert.corpus;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * What one pass over the records of text files finds, before any of them is encoded.
 *
 * @param rows how many there are
 * @param malformed those that do not have the columns of the others, or are no JSON
 * @param example where one of those is; null if there is none
 * @param replaced those with U+FFFD, which stands for bytes that are not of the encoding
 * @param joined those of CSV in which a stray quote seems to have joined lines
 * @param joinedExample where one of those is; null if there is none
 */
record TextRecords(
    long rows, long malformed, String example, long replaced, long joined, String joinedExample) {
  private static final String REPLACEMENT = "\uFFFD";

  /** Separators that prose does not have, so that lines inside a field tell of a stray quote. */
  private static final List<String> NOT_IN_PROSE = List.of("\t", "|");

  static final String OTHERWISE =
      "; with --read-option mode=PERMISSIVE they are taken as Spark reads them";

  /**
   * Reads all records.
   *
   * @param records the records, with Spark's column for malformed ones
   * @param corrupt the name of that column
   * @param separator what stands between the fields of CSV; empty for other formats
   */
  static TextRecords of(Dataset<Row> records, String corrupt, String separator) {
    Column isMalformed = ColumnNames.column(corrupt).isNotNull();
    List<Column> texts = texts(records, corrupt);
    Column isReplaced =
        texts.stream()
            .map(text -> text.contains(REPLACEMENT))
            .reduce(lit(false), (one, other) -> one.or(other.equalTo(true)));
    Column isJoined =
        separator.isEmpty() || texts.size() < 2
            ? lit(false)
            : udf(
                    new JoinedLines(separator, !NOT_IN_PROSE.contains(separator)),
                    DataTypes.BooleanType)
                .apply(array(texts.toArray(Column[]::new)));
    Row found =
        records
            .select(
                another(records, corrupt).as("another"),
                isMalformed.as("malformed"),
                isReplaced.as("replaced"),
                isJoined.as("joined"),
                input_file_name().as("file"))
            .agg(
                count(lit(1)),
                count_if(ColumnNames.column("malformed")),
                first(when(ColumnNames.column("malformed"), ColumnNames.column("file")), true),
                count_if(ColumnNames.column("replaced")),
                count_if(ColumnNames.column("joined")),
                first(when(ColumnNames.column("joined"), ColumnNames.column("file")), true),
                count(ColumnNames.column("another")))
            .head();
    return new TextRecords(
        found.getLong(0),
        found.getLong(1),
        found.getString(2),
        found.getLong(3),
        found.getLong(4),
        found.getString(5));
  }

  /** The same, with lines of JSON that Spark reads in part as further malformed ones. */
  TextRecords withMalformed(JsonTails lines) {
    return new TextRecords(
        rows,
        malformed + lines.count(),
        example == null ? lines.example() : example,
        replaced,
        joined,
        joinedExample);
  }

  /** Spark refuses to read nothing but the column for malformed records. */
  private static Column another(Dataset<Row> records, String corrupt) {
    return Arrays.stream(records.columns())
        .filter(name -> !name.equals(corrupt))
        .map(ColumnNames::column)
        .findFirst()
        .orElseThrow();
  }

  private static List<Column> texts(Dataset<Row> records, String corrupt) {
    return Arrays.stream(records.schema().fields())
        .filter(field -> field.dataType().equals(DataTypes.StringType))
        .map(StructField::name)
        .filter(name -> !name.equals(corrupt))
        .map(ColumnNames::column)
        .toList();
  }

  /**
   * Refuses records that Spark would read as something else than what stands there.
   *
   * @param format {@code csv}, {@code json} or {@code xml}
   * @param separator what stands between the fields of CSV
   * @param accepted whether the user said that they are to be read as they are
   * @return what users should know of the others
   * @throws IllegalArgumentException if there are such records, and the user said nothing
   */
  List<String> judge(String format, String separator, boolean accepted) {
    List<String> notes = new ArrayList<>();
    if (malformed > 0) {
      String finding =
          "%d of %d records are malformed, the first in %s".formatted(malformed, rows, example);
      require(accepted, finding + remedy(format));
      notes.add("Corpus: " + finding + ".");
    }
    if (joined > 0) {
      String finding =
          "in %d records a stray quote seems to have joined lines, the first in %s"
              .formatted(joined, joinedExample);
      String way =
          "; if quotes are plain text add --read-option quote=, if no field holds a line end add"
              + " --read-option multiLine=false";
      require(accepted || !NOT_IN_PROSE.contains(separator), finding + way + OTHERWISE);
      notes.add("Corpus: " + finding + way + ".");
    }
    if (replaced > 0) {
      notes.add(
          "Corpus: %d of %d records hold U+FFFD, which stands for bytes that are not of the encoding; if the files are not in UTF-8, add --read-option encoding=ISO-8859-1 or whatever they are in."
              .formatted(replaced, rows));
    }
    return notes;
  }

  private static String remedy(String format) {
    return switch (format) {
          case "xml" -> "";
          case "json" ->
              " (not one JSON object a line); if a file is one JSON object or array of several"
                  + " lines add --read-option multiLine=true";
          default ->
              " (other columns than the first record); check the separator (--read-option sep=...)"
                  + " and stray quotes (--read-option quote=)";
        }
        + OTHERWISE;
  }

  private static void require(boolean accepted, String finding) {
    if (!accepted) {
      throw new IllegalArgumentException("Cannot read corpus: " + finding);
    }
  }
}
