package org.sparkgbert.sts;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Some pairs of a partition, packed to travel to the driver.
 *
 * @param numbers gold score and scores, pair by pair, as doubles of eight bytes. Owned, not copied.
 * @param withoutGold pairs left out as they lack a gold score
 * @param withoutScore pairs left out as they have one but lack a score
 * @param notANumber the least gold score, as a text, that is no number; null if there is none
 */
record ScoreChunk(byte[] numbers, long withoutGold, long withoutScore, String notANumber) {
  static final StructType SCHEMA =
      new StructType()
          .add("numbers", DataTypes.BinaryType, false)
          .add("without_gold", DataTypes.LongType, false)
          .add("without_score", DataTypes.LongType, false)
          .add("not_a_number", DataTypes.StringType, true);

  private static final int PAIRS = 4096;
  private static final int GOLD = 0;
  private static final int NOT_A_NUMBER = 1;
  private static final int FIRST_SCORE = 2;

  /**
   * Takes rows of {@link ScoreColumns#select} off an iterator, a few thousand at most.
   *
   * @param width columns of scores
   */
  static ScoreChunk take(Iterator<Row> rows, int width) {
    ByteBuffer numbers = ByteBuffer.allocate(PAIRS * (1 + width) * Double.BYTES);
    long withoutGold = 0;
    long withoutScore = 0;
    String notANumber = null;
    for (int pair = 0; pair < PAIRS && rows.hasNext(); pair++) {
      Row row = rows.next();
      notANumber = lesser(notANumber, row.getString(NOT_A_NUMBER));
      if (row.isNullAt(GOLD)) {
        withoutGold++;
      } else if (lacksScore(row)) {
        withoutScore++;
      } else {
        put(row, numbers);
      }
    }
    return new ScoreChunk(written(numbers), withoutGold, withoutScore, notANumber);
  }

  /** The lesser of two texts; null is more than any. */
  static String lesser(String text, String other) {
    if (text == null || other == null) {
      return text == null ? other : text;
    }
    return text.compareTo(other) <= 0 ? text : other;
  }

  private static boolean lacksScore(Row row) {
    for (int column = FIRST_SCORE; column < row.size(); column++) {
      if (row.isNullAt(column)) {
        return true;
      }
    }
    return false;
  }

  private static void put(Row row, ByteBuffer numbers) {
    numbers.putDouble(row.getDouble(GOLD));
    for (int column = FIRST_SCORE; column < row.size(); column++) {
      numbers.putDouble(row.getDouble(column));
    }
  }

  private static byte[] written(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  Row toRow() {
    return RowFactory.create(numbers, withoutGold, withoutScore, notANumber);
  }

  static ScoreChunk of(Row row) {
    return new ScoreChunk(row.getAs(0), row.getLong(1), row.getLong(2), row.getString(3));
  }
}
