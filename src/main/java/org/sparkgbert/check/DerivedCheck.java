package org.sparkgbert.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.sts.PairScoreColumns;
import org.sparkgbert.vector.Similarity;
import org.sparkgbert.vector.VectorFunctions;

/** Compares columns that were computed from embeddings with the manifest, and with the vectors. */
final class DerivedCheck {
  /** Maximum difference of scores that count as equal, relative to the score if that is above 1. */
  private static final double TOLERANCE = 1e-5;

  private DerivedCheck() {}

  /** One line for each column that is missing, was changed, or holds invalid values. */
  static List<String> findings(Dataset<Row> rows, RunManifest manifest) {
    List<String> findings = new ArrayList<>();
    for (Map.Entry<String, DerivedProvenance> column : manifest.derived().entrySet()) {
      String name = column.getKey();
      if (!Arrays.asList(rows.schema().fieldNames()).contains(name)) {
        findings.add("column %s: missing".formatted(name));
        continue;
      }
      StructField field = rows.schema().apply(name);
      if (!DerivedProvenance.of(field).equals(Optional.of(column.getValue()))) {
        findings.add("column %s: its metadata differs from the manifest".formatted(name));
      }
      findings.addAll(BrokenRows.findings(rows, name, broken(field, rows)));
    }
    return findings;
  }

  private static Map<String, Column> broken(StructField field, Dataset<Row> rows) {
    Map<String, Column> broken = new LinkedHashMap<>();
    if (field.dataType() instanceof FloatType || field.dataType() instanceof DoubleType) {
      Column value = ColumnNames.column(field.name());
      broken.put("with a value that is not finite", BrokenRows.isNotFinite(value));
    }
    similarity(field.name(), rows)
        .ifPresent(
            similarity ->
                broken.put("whose score is not that of their embeddings", differs(similarity)));
    return broken;
  }

  /** The similarity that a column holds, if the table also has both embeddings. */
  private static Optional<Similarity> similarity(String name, Dataset<Row> rows) {
    List<String> columns = Arrays.asList(rows.schema().fieldNames());
    return Arrays.stream(Similarity.values())
        .filter(similarity -> similarity.column().equals(name))
        .filter(similarity -> columns.contains(PairScoreColumns.FIRST.embedding()))
        .filter(similarity -> columns.contains(PairScoreColumns.SECOND.embedding()))
        .findFirst();
  }

  private static Column differs(Similarity similarity) {
    Column found = ColumnNames.column(similarity.column());
    Column expected =
        VectorFunctions.similarity(
            similarity,
            ColumnNames.column(PairScoreColumns.FIRST.embedding()),
            ColumnNames.column(PairScoreColumns.SECOND.embedding()));
    Column scale = functions.greatest(functions.lit(1F), functions.abs(expected));
    return found
        .isNull()
        .notEqual(expected.isNull())
        .or(functions.abs(found.minus(expected)).gt(scale.multiply(TOLERANCE)));
  }
}
