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
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.RunManifest;

/** Verifies a finished table. */
public final class TableCheck {
  private TableCheck() {}

  /**
   * What a check found.
   *
   * @param rows rows of the table, as its manifest says
   * @param files its files
   * @param sampled rows that were encoded again
   * @param findings one line each; none for a sound table
   */
  public record Result(long rows, int files, int sampled, List<String> findings) {
    /** The same with findings that name the part of a directory. */
    private Result of(String part) {
      List<String> named = findings.stream().map(finding -> part + ": " + finding).toList();
      return new Result(rows, files, sampled, named);
    }

    private Result plus(Result other) {
      List<String> all = new ArrayList<>(findings);
      all.addAll(other.findings);
      return new Result(rows + other.rows, files + other.files, sampled + other.sampled, all);
    }
  }

  /**
   * Compares a table with its manifest: files, sizes, footers, page checksums, rows, statuses,
   * dimension, finite values; and encodes a sample again.
   *
   * @param path the table's directory
   * @param model where the bundle is, empty for where the run found it
   * @param sample how many rows to encode again, 0 for none
   * @throws IllegalArgumentException if there is no table, or the bundle cannot be opened
   */
  public static Result check(SparkSession spark, String path, String model, int sample) {
    EmbeddingTable table = EmbeddingTable.open(path, spark.sessionState().newHadoopConf());
    RunManifest manifest = table.manifest();
    return manifest.parts().isEmpty()
        ? check(spark, table, model, sample)
        : checkParts(spark, table, model, sample);
  }

  /** A directory of several tables. */
  private static Result checkParts(
      SparkSession spark, EmbeddingTable directory, String model, int sample) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Result sum = new Result(0, 0, 0, List.of());
    for (String part : directory.manifest().parts()) {
      Path path = new Path(directory.path(), part);
      if (!HadoopFiles.exists(path, hadoop)) {
        sum = sum.plus(new Result(0, 0, 0, List.of(part + ": missing")));
      } else if (HadoopFiles.exists(new Path(path, RunManifest.FILE), hadoop)) {
        sum = sum.plus(check(spark, path.toString(), model, sample).of(part));
      }
    }
    return sum.plus(new Result(0, 0, 0, rowsOfParts(directory.manifest(), sum)));
  }

  /** A part that lost its manifest looks like one that needs none. */
  private static List<String> rowsOfParts(RunManifest directory, Result parts) {
    return parts.findings().isEmpty() && parts.rows() != directory.rows()
        ? List.of(
            "manifest: rows differ, expected %d, found %d in its parts"
                .formatted(directory.rows(), parts.rows()))
        : List.of();
  }

  private static Result check(SparkSession spark, EmbeddingTable table, String model, int sample) {
    RunManifest manifest = table.manifest();
    List<String> findings = new ArrayList<>(FileCheck.findings(table, spark));
    if (manifest.embeddings().isEmpty() && manifest.derived().isEmpty()) {
      findings.add("manifest: it names no column of embeddings");
    }
    long inFiles = manifest.files().stream().mapToLong(RunManifest.DataFile::rows).sum();
    if (manifest.rows() != inFiles) {
      findings.add(
          "manifest: rows differ, expected %d, found %d in its files"
              .formatted(manifest.rows(), inFiles));
    }
    int sampled = 0;
    // Rows of damaged files cannot be read.
    if (findings.isEmpty()) {
      Dataset<Row> rows = table.rows(spark);
      findings.addAll(DerivedCheck.findings(rows, manifest));
      for (Map.Entry<String, EmbeddingProvenance> column : manifest.embeddings().entrySet()) {
        findings.addAll(checkColumn(rows, column.getKey(), column.getValue(), manifest));
        String bundle = model.isEmpty() ? manifest.modelLocation() : model;
        if (sample > 0
            && findings.isEmpty()
            && isOwn(column.getKey(), manifest)
            && hasText(rows.schema(), column.getValue())) {
          findings.addAll(
              EncodingCheck.findings(
                  rows, new EmbeddingColumns(column.getKey()), column.getValue(), bundle, sample));
          sampled = (int) Math.min(sample, manifest.rows());
        }
      }
    }
    return new Result(manifest.rows(), manifest.files().size(), sampled, findings);
  }

  private static List<String> checkColumn(
      Dataset<Row> rows, String column, EmbeddingProvenance made, RunManifest manifest) {
    if (!Arrays.asList(rows.schema().fieldNames()).contains(column)) {
      return List.of("column %s: missing".formatted(column));
    }
    List<String> findings = new ArrayList<>();
    if (!EmbeddingProvenance.of(rows.schema().apply(column)).equals(Optional.of(made))) {
      findings.add("column %s: its metadata differ from the manifest".formatted(column));
    }
    if (isOwn(column, manifest)) {
      findings.addAll(RowCheck.findings(rows, new EmbeddingColumns(column), made, manifest));
    }
    return findings;
  }

  /** Whether the run made the column; others it only carried along from its input. */
  private static boolean isOwn(String column, RunManifest manifest) {
    return manifest.rowsByStatus().containsKey(new EmbeddingColumns(column).status());
  }

  private static boolean hasText(StructType schema, EmbeddingProvenance made) {
    return Arrays.asList(schema.fieldNames()).contains(made.textColumn());
  }
}
