package org.sparkgbert.sts;

import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/** Packs rows of {@link ScoreColumns#select} into chunks. */
final class PackScores implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final int width;

  /**
   * @param width columns of scores
   */
  PackScores(int width) {
    this.width = width;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        return ScoreChunk.take(rows, width).toRow();
      }
    };
  }
}
