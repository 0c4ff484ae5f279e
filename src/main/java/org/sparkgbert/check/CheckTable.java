package org.sparkgbert.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.lake.StoredVectors;

/**
 * Compares a finished table, or a directory of several, with its manifest: files, sizes, footers,
 * page checksums, rows, statuses, dimension, finite values; and encodes a sample again.
 *
 * <pre>{@code
 * CheckSettings settings = new CheckSettings("articles_embedded", "", 32);
 * Findings findings = new CheckTable(settings).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record CheckTable(CheckSettings settings) {
  /**
   * Runs the action.
   *
   * @return what is wrong, if anything
   * @throws IllegalArgumentException if the table does not exist, or the bundle cannot be opened
   */
  public Findings run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "check", progress)) {
      return check(settings.table(), spark, stages);
    }
  }

  private Findings check(String path, SparkSession spark, Stages stages) {
    EmbeddingTable table = EmbeddingTable.find(path, spark);
    return table.manifest().parts().isEmpty()
        ? check(table, spark, stages)
        : checkParts(table, spark, stages);
  }

  /** A directory of several tables. */
  private Findings checkParts(EmbeddingTable directory, SparkSession spark, Stages stages) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Findings sum = new Findings(0, 0, 0, manifestAsWritten(directory.path(), spark));
    RunManifest manifest = directory.manifest();
    for (String part : manifest.parts()) {
      Path path = new Path(directory.path(), part);
      if (!HadoopFiles.exists(path, hadoop)) {
        sum = sum.plus(part + ": missing");
      } else if (HadoopFiles.exists(new Path(path, RunManifest.FILE), hadoop)) {
        Findings found = check(path.toString(), spark, stages);
        sum = sum.plus(requireRows(found, manifest.rowsByPart().get(part)).of(part));
      } else if (manifest.rowsByPart().containsKey(part)) {
        sum = sum.plus("%s: %s is missing".formatted(part, RunManifest.FILE));
      }
    }
    return manifest.rowsByPart().isEmpty()
        ? requireRows(sum, manifest.rows())
        : new Findings(manifest.rows(), sum.files(), sum.sampled(), sum.lines(), sum.notes());
  }

  /**
   * @param expected rows that the directory's manifest counts; null if it does not say
   */
  private static Findings requireRows(Findings found, Long expected) {
    return found.isValid() && expected != null && found.rows() != expected
        ? found.plus(
            "manifest: rows differ, expected %d in all, found %d".formatted(expected, found.rows()))
        : found;
  }

  private static List<String> manifestAsWritten(String table, SparkSession spark) {
    Path file = new Path(table, RunManifest.FILE);
    boolean isAsWritten =
        HadoopFiles.readText(file, spark.sessionState().newHadoopConf())
            .map(RunManifest::isAsWritten)
            .orElse(false);
    return isAsWritten ? List.of() : List.of("manifest: it was changed after the run wrote it");
  }

  private Findings check(EmbeddingTable table, SparkSession spark, Stages stages) {
    RunManifest manifest = table.manifest();
    String name = new Path(table.path()).getName();
    stages.begin("compare files of " + name);
    List<String> lines = new ArrayList<>();
    if (table.kind() == EmbeddingTable.Kind.PARQUET) {
      lines.addAll(manifestAsWritten(table.path(), spark));
      lines.addAll(FileCheck.findings(table, spark));
      long inFiles = manifest.files().stream().mapToLong(RunManifest.DataFile::rows).sum();
      requireRows(lines, manifest, inFiles, "in its files");
    } else {
      requireRows(lines, manifest, table.rows(spark).count(), "in the table");
    }
    if (manifest.embeddings().isEmpty() && manifest.derived().isEmpty()) {
      lines.add("manifest: it does not name a column of embeddings");
    }
    int sampled = 0;
    // Rows of damaged files cannot be read.
    if (lines.isEmpty()) {
      stages.begin("compare rows of " + name);
      Dataset<Row> rows = table.rows(spark);
      lines.addAll(DerivedCheck.findings(rows, manifest));
      if (lines.isEmpty()) {
        lines.addAll(IndexCheck.findings(rows, table));
      }
      for (Map.Entry<String, EmbeddingProvenance> column : manifest.embeddings().entrySet()) {
        lines.addAll(checkColumn(rows, column.getKey(), column.getValue(), manifest));
        if (lines.isEmpty() && isSampled(column, rows.schema(), manifest)) {
          stages.begin("encode sample of " + name);
          lines.addAll(encodeAgain(rows, column, manifest));
          sampled = (int) Math.min(settings.sample(), manifest.rows());
        }
      }
    }
    return new Findings(
        manifest.rows(),
        manifest.files().size(),
        sampled,
        lines,
        lines.isEmpty() ? IndexCheck.notes(table) : List.of());
  }

  private static void requireRows(
      List<String> lines, RunManifest manifest, long found, String where) {
    if (manifest.rows() != found) {
      lines.add(
          "manifest: rows differ, expected %d, found %d %s"
              .formatted(manifest.rows(), found, where));
    }
  }

  private boolean isSampled(
      Map.Entry<String, EmbeddingProvenance> column, StructType schema, RunManifest manifest) {
    return settings.sample() > 0
        && isOwn(column.getKey(), manifest)
        && Arrays.asList(schema.fieldNames()).contains(column.getValue().textColumn());
  }

  private List<String> encodeAgain(
      Dataset<Row> rows, Map.Entry<String, EmbeddingProvenance> column, RunManifest manifest) {
    String bundle = settings.model().isEmpty() ? manifest.modelLocation() : settings.model();
    return EncodingCheck.findings(
        StoredVectors.asFloats("check", rows, column.getKey()),
        new EmbeddingColumns(column.getKey()),
        column.getValue(),
        bundle,
        settings.sample());
  }

  private static List<String> checkColumn(
      Dataset<Row> rows, String column, EmbeddingProvenance made, RunManifest manifest) {
    if (!Arrays.asList(rows.schema().fieldNames()).contains(column)) {
      return List.of("column %s: missing".formatted(column));
    }
    List<String> lines = new ArrayList<>();
    if (!EmbeddingProvenance.of(rows.schema().apply(column)).equals(Optional.of(made))) {
      lines.add("column %s: its metadata differs from the manifest".formatted(column));
    }
    if (isOwn(column, manifest)) {
      lines.addAll(ScaleCheck.findings(rows, column));
      lines.addAll(BitsCheck.findings(rows, column, made));
      if (lines.isEmpty()) {
        Dataset<Row> floats = StoredVectors.asFloats("check", rows, column);
        lines.addAll(RowCheck.findings(floats, new EmbeddingColumns(column), made, manifest));
      }
    }
    return lines;
  }

  /** Whether the run made the column; the others were only copied from its input. */
  private static boolean isOwn(String column, RunManifest manifest) {
    return manifest.rowsByStatus().containsKey(new EmbeddingColumns(column).status());
  }
}
