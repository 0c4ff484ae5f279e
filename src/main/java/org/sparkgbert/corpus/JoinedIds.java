package org.sparkgbert.corpus;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a full outer join of two tables by their ids gave.
 *
 * @param rows number of rows
 * @param leftOnly number of those that met none of the right table
 * @param rightOnly number of those that met none of the left table
 * @param unmatched ids of both kinds, and how many rows have each: two columns; an id may occur
 *     several times
 */
public record JoinedIds(long rows, long leftOnly, long rightOnly, Dataset<Row> unmatched) {
  private static final String ID = "id";
  private static final String COUNT = "count";

  /**
   * Whether each id is in either table once at most: then a row of one met one row of the other at
   * most, and of those that met none no two are the same.
   *
   * @param left number of rows of the left table
   * @param right number of rows of the right table
   */
  public boolean isOneToOne(long left, long right) {
    return rows - rightOnly == left
        && rows - leftOnly == right
        && (leftOnly + rightOnly == 0
            || unmatched
                .toDF(ID, COUNT)
                .groupBy(ID)
                .agg(sum(COUNT).as(COUNT))
                .where(col(ID).isNull().or(col(COUNT).gt(1)))
                .isEmpty());
  }
}
