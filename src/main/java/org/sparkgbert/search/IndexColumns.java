package org.sparkgbert.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns that an index has beside those of its corpus. */
final class IndexColumns {
  /** The cell of a row, an int from 0; the index is partitioned by it. */
  static final String CELL = "index_cell";

  /** What the embedding is beside its cell's centroid, a byte per element; {@link VectorCode}. */
  static final String CODE = "index_code";

  /** What they are multiplied by. */
  static final String SCALE = "index_scale";

  /** How far the embedding reaches along its cell's centroid. */
  static final String ALONG = "index_along";

  /** In one row of each cell, the cell's centroid; null in all others. */
  static final String CENTROID = "index_centroid";

  /** The cell of rows whose embedding cannot be compared; no search reads it. */
  static final int NO_CELL = -1;

  /** What a row is assigned. */
  static final StructType ASSIGNED =
      new StructType()
          .add(CELL, DataTypes.IntegerType, false)
          .add(CODE, DataTypes.BinaryType, true)
          .add(SCALE, DataTypes.FloatType, true)
          .add(ALONG, DataTypes.FloatType, true);

  private static final List<String> ALL = List.of(CELL, CODE, SCALE, ALONG, CENTROID);

  private static final Pattern OF_CELL = Pattern.compile(CELL + "=(-?\\d+)/.*");

  private IndexColumns() {}

  /** Whether a column is one that the index adds to those of its corpus. */
  static boolean isOwn(String name) {
    return ALL.contains(name);
  }

  /**
   * The cell that a file of an index is of.
   *
   * @param path relative to the table
   * @throws IllegalArgumentException if it lies in no cell's directory
   */
  static int cellOf(String path) {
    Matcher cell = OF_CELL.matcher(path);
    if (!cell.matches()) {
      throw new IllegalArgumentException(
          "Cannot read index: its file %s lies in no directory of a cell; build it again with jobs/index.sh"
              .formatted(path));
    }
    return Integer.parseInt(cell.group(1));
  }

  /**
   * @throws IllegalArgumentException if the corpus has a column of such a name
   */
  static void requireFree(StructType corpus) {
    Arrays.stream(corpus.fieldNames())
        .filter(name -> ALL.contains(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "Cannot index: the index has a column '%s' of its own, found one in the corpus; an index is made of a table of embeddings, not of an index"
                      .formatted(name));
            });
  }
}
