package org.sparkgbert.sts;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.vector.Similarity;

/** The test set of STSb-de, known by its pairs. */
final class StsbTest {
  private static final long PAIRS = 1_379;

  /** Sum of the hashes of all pairs and their gold scores. */
  private static final BigDecimal CHECKSUM = new BigDecimal("-183504650521551006783");

  private StsbTest() {}

  /**
   * Whether a table holds exactly these pairs with their gold scores, in any order.
   *
   * @param first column with the first sentence
   * @param second column with the second sentence
   * @param goldColumn column with the gold scores
   */
  static boolean isIn(Dataset<Row> pairs, String first, String second, String goldColumn) {
    Column hash =
        xxhash64(
            ColumnNames.column(first).cast(DataTypes.StringType),
            ColumnNames.column(second).cast(DataTypes.StringType),
            new ScoreColumns(goldColumn, List.of(Similarity.COSINE)).gold());
    Row found = pairs.agg(count(lit(1)), sum(hash.cast(DataTypes.createDecimalType(20, 0)))).head();
    return found.getLong(0) == PAIRS && CHECKSUM.compareTo(found.getDecimal(1)) == 0;
  }
}
