package org.sparkgbert.check;

import static org.apache.spark.sql.functions.array_size;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.StatusCounts;

/** Compares the rows of a table with what the embed job promises. */
final class RowCheck {
  private RowCheck() {}

  /** One line for each promise that rows violate, with their number. */
  static List<String> findings(
      Dataset<Row> rows, EmbeddingColumns columns, EmbeddingProvenance made, RunManifest manifest) {
    Map<String, Column> broken = new LinkedHashMap<>();
    Column embedding = ColumnNames.column(columns.embedding());
    Column status = ColumnNames.column(columns.status());
    Column error = ColumnNames.column(columns.error());
    Column hasVector = status.isin(EmbeddingStatus.OK.label(), EmbeddingStatus.TRUNCATED.label());
    Column hasNone =
        status.isin(
            EmbeddingStatus.EMPTY.label(),
            EmbeddingStatus.FAILED.label(),
            EmbeddingStatus.MISSING.label());
    Column failed = status.equalTo(EmbeddingStatus.FAILED.label());
    Map<String, Long> expected = manifest.rowsByStatus().get(columns.status());
    // Rows that wait for another run have no status, and the manifest counts them.
    boolean mayWait = expected.containsKey(StatusCounts.NO_STATUS);
    Column isOpen = status.isNull().and(mayWait ? embedding.isNotNull() : lit(true));
    broken.put(
        "with an unknown status", isOpen.or(status.isNotNull().and(not(hasVector.or(hasNone)))));
    broken.put("ok or truncated without an embedding", hasVector.and(embedding.isNull()));
    broken.put("empty, failed or missing with an embedding", hasNone.and(embedding.isNotNull()));
    broken.put(
        "whose embedding does not have %d dimensions".formatted(made.dimension()),
        array_size(embedding).notEqual(made.dimension()));
    broken.put("with a value that is not finite", exists(embedding, BrokenRows::isNotFinite));
    broken.put("failed without a reason", failed.and(error.isNull()));
    broken.put("not failed with a reason", not(failed).and(error.isNotNull()));
    List<String> findings = new ArrayList<>(BrokenRows.findings(rows, columns.embedding(), broken));
    Map<String, Long> statuses =
        StatusCounts.of(rows, List.of(StatusColumn.of(columns))).byColumn().get(columns.status());
    if (!statuses.equals(expected)) {
      findings.add(
          "column %s: rows by status differ, expected %s, found %s"
              .formatted(columns.status(), expected, statuses));
    }
    return findings;
  }
}
