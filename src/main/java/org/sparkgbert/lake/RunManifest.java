package org.sparkgbert.lake;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.model.Version;

/**
 * What {@code _embedding_run.json} next to the data says about the run that wrote a table.
 *
 * @param formatVersion version of this layout
 * @param runId the run
 * @param started when it began, ISO 8601 in UTC
 * @param finished when its data were written
 * @param toolVersion version of spark-gbert
 * @param sparkVersion version of Spark
 * @param input where the rows came from
 * @param modelLocation where the run found its model
 * @param embeddings what made each column of embeddings, by column
 * @param derived what made each column that was computed from embeddings, by column
 * @param rows number of rows @param rowsByStatus number of rows by status column and status
 * @param partitionBy partition columns
 * @param files the data files, paths relative to the table
 * @param parts names of the tables and files that the directory has instead of data files; none for
 *     a table
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunManifest(
    int formatVersion,
    String runId,
    String started,
    String finished,
    String toolVersion,
    String sparkVersion,
    Input input,
    String modelLocation,
    Map<String, EmbeddingProvenance> embeddings,
    Map<String, DerivedProvenance> derived,
    long rows,
    Map<String, Map<String, Long>> rowsByStatus,
    List<String> partitionBy,
    List<DataFile> files,
    List<String> parts) {

  /** Name of the manifest's file in a table's directory. */
  public static final String FILE = "_embedding_run.json";

  /** The version of the layout that this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Where rows came from.
   *
   * @param paths paths or table
   * @param format Spark's name of the data source
   * @param where SQL condition, empty for all rows
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Input(List<String> paths, String format, String where) {
    /** Where a corpus comes from. */
    public static Input of(CorpusSource source) {
      return new Input(source.paths(), source.format(), source.where());
    }
  }

  /**
   * A data file.
   *
   * @param path relative to the table
   * @param bytes length
   * @param rows count of rows
   * @param footerSha256 SHA-256 of its Parquet footer
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record DataFile(String path, long bytes, long rows, String footerSha256)
      implements Serializable {}

  /**
   * @throws IllegalArgumentException if the version is a different one
   */
  public RunManifest {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be %d, found %d".formatted(FORMAT_VERSION, formatVersion));
    }
    Objects.requireNonNull(runId, "run_id is missing");
    embeddings = embeddings == null ? Map.of() : embeddings;
    derived = derived == null ? Map.of() : derived;
    parts = parts == null ? List.of() : List.copyOf(parts);
    files = List.copyOf(Objects.requireNonNull(files, "files is missing"));
  }

  /**
   * The manifest of a run that ends now.
   *
   * @param table what it writes; its columns carry their provenance
   * @param counts numbers of rows
   * @param files data files; none for a format that tracks its own files
   */
  static RunManifest of(
      RunInfo run,
      Dataset<Row> table,
      StatusCounts counts,
      TableTarget target,
      List<DataFile> files) {
    Map<String, EmbeddingProvenance> embeddings = new TreeMap<>();
    Map<String, DerivedProvenance> derived = new TreeMap<>();
    for (StructField field : table.schema().fields()) {
      EmbeddingProvenance.of(field).ifPresent(made -> embeddings.put(field.name(), made));
      DerivedProvenance.of(field).ifPresent(made -> derived.put(field.name(), made));
    }
    return new RunManifest(
        FORMAT_VERSION,
        run.runId(),
        run.started().toString(),
        Instant.now().toString(),
        Version.CURRENT,
        table.sparkSession().version(),
        run.input(),
        run.modelLocation(),
        embeddings,
        derived,
        counts.rows(),
        counts.byColumn(),
        target.partitionBy(),
        files,
        List.of());
  }

  /**
   * The manifest of a directory of several tables and files; each table also has its own.
   *
   * @param rows rows of all tables
   * @param parts names of tables and files
   */
  static RunManifest ofParts(RunInfo run, String sparkVersion, long rows, List<String> parts) {
    return new RunManifest(
        FORMAT_VERSION,
        run.runId(),
        run.started().toString(),
        Instant.now().toString(),
        Version.CURRENT,
        sparkVersion,
        run.input(),
        run.modelLocation(),
        Map.of(),
        Map.of(),
        rows,
        Map.of(),
        List.of(),
        List.of(),
        parts);
  }

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException if the text is not a manifest
   */
  public static RunManifest parse(String json) {
    try {
      return JSON.readValue(json, RunManifest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s".formatted(FILE, e.getOriginalMessage()), e);
    }
  }

  /**
   * Reads a manifest's file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is none
   */
  static RunManifest read(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** This manifest as indented JSON. */
  public String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the manifest of run " + runId, e);
    }
  }
}
