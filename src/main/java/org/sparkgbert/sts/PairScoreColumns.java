package org.sparkgbert.sts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.vector.Similarity;

/**
 * The columns that scoring adds to a table of pairs.
 *
 * <table>
 *   <caption>Columns, besides one {@code float} column per {@link Similarity}</caption>
 *   <tr><td>{@code embedding1}, ...</td><td>those of {@link EmbeddingColumns}, of the first sentence</td></tr>
 *   <tr><td>{@code embedding2}, ...</td><td>the same for the second</td></tr>
 *   <tr><td>{@code similarity_status}</td><td>the worse of both statuses: failed, missing, empty,
 *       truncated, ok</td></tr>
 * </table>
 */
public final class PairScoreColumns {
  /** Columns of the first sentence's embedding. */
  public static final EmbeddingColumns FIRST = new EmbeddingColumns("embedding1");

  /** Columns of the second sentence's embedding. */
  public static final EmbeddingColumns SECOND = new EmbeddingColumns("embedding2");

  /** The status of a pair. */
  public static final String STATUS = "similarity_status";

  /** Columns that scored pairs are counted by. */
  static final List<StatusColumn> STATUSES =
      List.of(StatusColumn.of(FIRST), StatusColumn.of(SECOND), StatusColumn.counted(STATUS));

  private PairScoreColumns() {}

  /**
   * @throws IllegalArgumentException if the pairs already have a column that scoring adds
   */
  public static void requireFree(StructType pairs, List<Similarity> similarities) {
    List<String> added = new ArrayList<>(FIRST.names());
    added.addAll(SECOND.names());
    similarities.forEach(similarity -> added.add(similarity.column()));
    added.add(STATUS);
    for (String name : added) {
      if (Arrays.stream(pairs.fieldNames()).anyMatch(name::equalsIgnoreCase)) {
        throw new IllegalArgumentException(
            "Cannot score pairs: the input has a column %s, which scoring adds; rename it"
                .formatted(name));
      }
    }
  }
}
