package org.sparkgbert.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.search.IndexAudit;
import org.sparkgbert.search.IndexInfo;

/** Compares the codes and cells of an index with its embeddings. */
final class IndexCheck {
  private IndexCheck() {}

  /**
   * One line for each column with wrong values; none for a table that is no index.
   *
   * @param rows its rows
   */
  static List<String> findings(Dataset<Row> rows, EmbeddingTable table) {
    List<String> findings = new ArrayList<>();
    try {
      Optional<IndexInfo> info = IndexAudit.info(table);
      if (info.isPresent()) {
        Dataset<Row> judged = IndexAudit.of(rows, info.get(), table.path());
        findings.addAll(
            BrokenRows.findings(
                judged,
                IndexAudit.CODE,
                Map.of(
                    "whose code is not that of their embedding",
                    functions.col(IndexAudit.WRONG_CODE))));
        findings.addAll(
            BrokenRows.findings(
                judged,
                IndexAudit.CELL,
                Map.of(
                    "that are nearer to another cell",
                    functions.col(IndexAudit.WRONG_CELL),
                    "in a cell without a centroid, which no search finds",
                    functions.col(IndexAudit.NO_CENTROID))));
      }
    } catch (IllegalArgumentException e) {
      findings.add(e.getMessage());
    }
    return findings;
  }

  /** What users of a valid index should know. */
  static List<String> notes(EmbeddingTable table) {
    return IndexAudit.info(table)
        .flatMap(IndexInfo::drift)
        .map(
            reason ->
                "The index has drifted, build it again with jobs/index.sh --mode overwrite: "
                    + reason)
        .stream()
        .toList();
  }
}
