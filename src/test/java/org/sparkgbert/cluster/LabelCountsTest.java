package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;

class LabelCountsTest {
  @Test
  void theMostFrequentLabelsHaveCountsAndAllOthersShareOne() {
    // Label i has i + 1 rows in cluster i % 3; one row has no label, one no cluster.
    Dataset<Row> rows =
        TestSpark.session()
            .sql(
                "SELECT int(i % 3) AS cluster, concat('l', i) AS label FROM (SELECT explode("
                    + "sequence(0, 44)) AS i) LATERAL VIEW explode(sequence(0, i)) AS j"
                    + " UNION ALL SELECT 0, NULL UNION ALL SELECT NULL, 'l1'");
    List<LabelCounts> counts = counts(rows, 3);
    assertThat(counts).hasSize(LabelCounts.MOST + 1);
    assertThat(counts.get(0).label()).isEqualTo("l44");
    assertThat(counts.get(0).rows()).containsExactly(0, 0, 45);
    assertThat(counts.get(39).label()).isEqualTo("l5");
    assertThat(counts.get(40).label()).isNull();
    assertThat(counts.get(40).rows()).as("l0 to l4").containsExactly(1 + 4, 2 + 5, 3);
    assertThat(counts.stream().mapToLong(LabelCounts::total).sum()).isEqualTo(45 * 46 / 2);
  }

  @Test
  void labelsThatAreNoUtf8StayDifferent() {
    Dataset<Row> rows =
        TestSpark.session()
            .sql(
                "SELECT 0 AS cluster, CAST(bytes AS STRING) AS label"
                    + " FROM VALUES (X'6BFC'), (X'6BF6'), (X'6BFC') AS t(bytes)");
    assertThat(counts(rows, 1)).extracting(LabelCounts::total).containsExactly(2L, 1L);
  }

  /** What the driver counts is what Spark counts. */
  private static List<LabelCounts> counts(Dataset<Row> rows, int clusters) {
    List<LabelCounts> counts = LabelCounts.of(rows, "cluster", "label", clusters);
    assertThat(LabelCells.of(rows, "cluster", "label").counts(clusters))
        .usingRecursiveComparison()
        .isEqualTo(counts);
    return counts;
  }
}
