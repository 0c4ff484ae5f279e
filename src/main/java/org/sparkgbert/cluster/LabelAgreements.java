package org.sparkgbert.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.grouping_id;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.sum;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Measures the agreement of clusters with known labels.
 *
 * <p>Spark computes the contingency table of clusters and labels and sums over it; only four rows
 * reach the driver, however many clusters and labels there are. For few rows there is {@link
 * LabelCells}. Pairs of rows are counted exactly, for up to 1e18 rows; entropies are sums of
 * doubles, so the last digits may differ between runs.
 *
 * <p>Where a measure is undefined, its value is that of scikit-learn: homogeneity is 1 if there is
 * only one label, completeness 1 if there is only one cluster, V-measure 0 if both are 0; the
 * adjusted Rand index is 1 if clusters and labels agree on every pair of rows (also with only one
 * row); normalized mutual information is 1 if there is one cluster and one label.
 */
final class LabelAgreements {
  /** Bits of {@code grouping_id} for aggregated columns: cluster 2, label 1. */
  private static final int CELLS = 0;

  private static final int CLUSTERS = 1;
  private static final int LABELS = 2;
  private static final int ALL = 3;

  private LabelAgreements() {}

  /**
   * Sums over the sizes n of the parts of a partition of the rows.
   *
   * @param parts number of parts
   * @param rows sum of n
   * @param nLogN sum of n log n
   * @param pairs sum of n (n - 1): the number of ordered pairs of rows in the same part
   */
  record Sums(long parts, long rows, double nLogN, BigDecimal pairs) {
    /** Sums over these sizes. */
    static Sums of(Collection<Long> sizes) {
      long rows = 0;
      double nLogN = 0;
      BigDecimal pairs = BigDecimal.ZERO;
      for (long n : sizes) {
        rows += n;
        nLogN += n * StrictMath.log(n);
        pairs = pairs.add(BigDecimal.valueOf(n).multiply(BigDecimal.valueOf(n - 1)));
      }
      return new Sums(sizes.size(), rows, nLogN, pairs);
    }

    double entropy() {
      return parts == 1 ? 0 : Math.max(0, Math.log(rows) - nLogN / rows);
    }
  }

  /**
   * The agreement over the rows in which neither column is null. Values are compared as strings, by
   * Spark's {@code cast}.
   *
   * @throws IllegalArgumentException if a column is missing or no row has both values
   */
  public static LabelAgreement of(Dataset<Row> rows, String clusterColumn, String labelColumn) {
    Map<Integer, Sums> sums = sums(cells(rows, clusterColumn, labelColumn));
    requireSome(!sums.isEmpty(), clusterColumn, labelColumn);
    return agreement(labelColumn, sums);
  }

  /**
   * @throws IllegalArgumentException if there are none
   */
  static void requireSome(boolean some, String clusterColumn, String labelColumn) {
    if (!some) {
      throw new IllegalArgumentException(
          "Cannot compare columns '%s' and '%s': a row must have both, found none"
              .formatted(clusterColumn, labelColumn));
    }
  }

  /**
   * Columns {@code cluster} and {@code label}, strings, and {@code n}, the rows that have both.
   *
   * @throws IllegalArgumentException if a column is missing
   */
  static Dataset<Row> cells(Dataset<Row> rows, String clusterColumn, String labelColumn) {
    ColumnNames.require("compare", List.of(clusterColumn, labelColumn), rows.schema());
    Column cluster = ColumnNames.column(clusterColumn).cast(DataTypes.StringType);
    Column label = ColumnNames.column(labelColumn).cast(DataTypes.StringType);
    return rows.select(cluster.as("cluster"), label.as("label"))
        .where(col("cluster").isNotNull().and(col("label").isNotNull()))
        .groupBy("cluster", "label")
        .agg(count(lit(1)).as("n"));
  }

  /** By which columns are aggregated, from the counts {@code n} of clusters and labels. */
  static Map<Integer, Sums> sums(Dataset<Row> cells) {
    Column n = col("n");
    Column pairs = n.cast("decimal(19,0)").multiply(n.minus(1).cast("decimal(18,0)"));
    return cells
        .cube("cluster", "label")
        .agg(grouping_id().cast(DataTypes.IntegerType).as("margin"), sum("n").as("n"))
        .groupBy("margin")
        .agg(count(lit(1)), sum(n), sum(n.multiply(log(n))), sum(pairs))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getInt(0), LabelAgreements::sums));
  }

  private static Sums sums(Row row) {
    return new Sums(row.getLong(1), row.getLong(2), row.getDouble(3), row.getDecimal(4));
  }

  static LabelAgreement agreement(String labelColumn, Map<Integer, Sums> sums) {
    return agreement(
        labelColumn, sums.get(CELLS), sums.get(CLUSTERS), sums.get(LABELS), sums.get(ALL));
  }

  /**
   * The measures, from the sums over the cells of the table, its margins, and all rows as one part.
   */
  static LabelAgreement agreement(
      String labelColumn, Sums cells, Sums clusters, Sums labels, Sums all) {
    double both = clusters.entropy() + labels.entropy();
    double mutual = Math.max(0, both - cells.entropy());
    double homogeneity = share(mutual, labels.entropy());
    double completeness = share(mutual, clusters.entropy());
    return new LabelAgreement(
        labelColumn,
        all.rows,
        labels.parts,
        homogeneity,
        completeness,
        vMeasure(homogeneity, completeness),
        adjustedRandIndex(cells.pairs, clusters.pairs, labels.pairs, all.pairs),
        share(2 * mutual, both));
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 1 : Math.min(1, part / whole);
  }

  private static double vMeasure(double homogeneity, double completeness) {
    double sum = homogeneity + completeness;
    return sum == 0 ? 0 : 2 * homogeneity * completeness / sum;
  }

  /** By the two-by-two table of pairs: together or apart in clusters, and in labels. */
  private static double adjustedRandIndex(
      BigDecimal together, BigDecimal inCluster, BigDecimal inLabel, BigDecimal all) {
    BigDecimal clusterOnly = inCluster.subtract(together);
    BigDecimal labelOnly = inLabel.subtract(together);
    if (clusterOnly.signum() == 0 && labelOnly.signum() == 0) {
      return 1;
    }
    BigDecimal apart = all.subtract(inCluster).subtract(labelOnly);
    BigDecimal agreed = together.multiply(apart).subtract(clusterOnly.multiply(labelOnly));
    BigDecimal scale =
        inLabel.multiply(labelOnly.add(apart)).add(inCluster.multiply(clusterOnly.add(apart)));
    return agreed.add(agreed).divide(scale, MathContext.DECIMAL64).doubleValue();
  }
}
