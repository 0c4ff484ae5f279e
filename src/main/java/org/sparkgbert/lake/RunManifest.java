package org.sparkgbert.lake;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.PartitionTypes;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Secrets;
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
 * @param tokensPerSecond tokens per second of wall time while texts were encoded; 0 if that is not
 *     known
 * @param embeddings what made each column of embeddings, by column
 * @param derived what made each column that was computed from embeddings, by column
 * @param rows number of rows; of a directory of parts, those of the table that has the input's rows
 * @param rowsByStatus number of rows by status column and status
 * @param partitionBy partition columns
 * @param partitionTypes their names and types as DDL, empty if there are none
 * @param files the data files, paths relative to the table
 * @param parts names of the tables and files that the directory has instead of data files; none for
 *     a table
 * @param rowsByPart number of rows of each of the parts that is a table, by its name
 * @param checksum SHA-256 of this manifest's own JSON with an empty checksum; empty before it is
 *     written, and in version 1 of the layout
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
    double tokensPerSecond,
    Map<String, EmbeddingProvenance> embeddings,
    Map<String, DerivedProvenance> derived,
    long rows,
    Map<String, Map<String, Long>> rowsByStatus,
    List<String> partitionBy,
    String partitionTypes,
    List<DataFile> files,
    List<String> parts,
    Map<String, Long> rowsByPart,
    String checksum) {

  /** Name of the manifest's file in a table's directory. */
  public static final String FILE = "_embedding_run.json";

  /** The version of the layout that this code writes; it reads this one and those before it. */
  public static final int FORMAT_VERSION = 2;

  /** The first version with a checksum of each file and of the manifest. */
  private static final int WITH_CHECKSUMS = 2;

  private static final String CHECKSUM = "  \"checksum\" : \"%s\"\n}\n";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Where rows came from.
   *
   * @param paths paths or table
   * @param format Spark's name of the data source
   * @param where SQL condition, empty for all rows
   * @param readOptions options for that source, by name in lower case; null if they are not known
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Input(
      List<String> paths, String format, String where, Map<String, String> readOptions) {
    /** Passwords and keys in addresses and options are left out. */
    public Input {
      paths = paths.stream().map(Secrets::hide).toList();
      readOptions = readOptions == null ? null : withoutSecrets(readOptions);
    }

    /** Of which it is not known with what options it was read. */
    public Input(List<String> paths, String format, String where) {
      this(paths, format, where, null);
    }

    /** Where a corpus comes from. */
    public static Input of(CorpusSource source) {
      return new Input(source.paths(), source.format(), source.where(), source.readOptions());
    }

    private static Map<String, String> withoutSecrets(Map<String, String> options) {
      Map<String, String> shown = new TreeMap<>();
      options.forEach(
          (name, value) -> {
            String key = name.toLowerCase(Locale.ROOT);
            shown.put(key, Secrets.hide(key + "=" + value).substring(key.length() + 1));
          });
      return Collections.unmodifiableMap(shown);
    }
  }

  /**
   * A data file.
   *
   * @param path relative to the table
   * @param bytes length
   * @param rows count of rows
   * @param footerSha256 SHA-256 of its Parquet footer
   * @param sha256 SHA-256 of the whole file; empty in version 1 of the layout
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record DataFile(String path, long bytes, long rows, String footerSha256, String sha256)
      implements Serializable {
    /**
     * @throws IllegalArgumentException if the path or the checksum of the footer is missing
     */
    public DataFile {
      given(path, "path");
      given(footerSha256, "footer_sha256");
      sha256 = Objects.requireNonNullElse(sha256, "");
    }

    DataFile withSha256(String checksum) {
      return new DataFile(path, bytes, rows, footerSha256, checksum);
    }
  }

  /**
   * @throws IllegalArgumentException if the version is unknown, or something is missing
   */
  public RunManifest {
    if (formatVersion < 1 || formatVersion > FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be from 1 to %d, found %d".formatted(FORMAT_VERSION, formatVersion));
    }
    given(runId, "run_id");
    given(rowsByStatus, "rows_by_status").values().forEach(rowsOf -> given(rowsOf, "status"));
    embeddings = Objects.requireNonNullElse(embeddings, Map.of());
    embeddings.forEach((column, made) -> given(made, column));
    derived = Objects.requireNonNullElse(derived, Map.of());
    derived.forEach((column, made) -> given(made, column));
    partitionTypes = Objects.requireNonNullElse(partitionTypes, "");
    given(files, "files").forEach(file -> given(file, "file"));
    files = List.copyOf(files);
    parts = Objects.requireNonNullElse(parts, List.of());
    parts.forEach(part -> given(part, "part"));
    parts = List.copyOf(parts);
    rowsByPart = Objects.requireNonNullElse(rowsByPart, Map.of());
    rowsByPart.forEach((part, rowsOf) -> given(rowsOf, part));
    checksum = Objects.requireNonNullElse(checksum, "");
  }

  private static <T> T given(T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static RunManifest ofRun(
      RunInfo run,
      String sparkVersion,
      Map<String, EmbeddingProvenance> embeddings,
      Map<String, DerivedProvenance> derived,
      long rows,
      Map<String, Map<String, Long>> rowsByStatus,
      List<String> partitionBy,
      String partitionTypes,
      List<DataFile> files,
      List<String> parts,
      Map<String, Long> rowsByPart) {
    return new RunManifest(
        FORMAT_VERSION,
        run.runId(),
        run.started().toString(),
        Instant.now().toString(),
        Version.CURRENT,
        sparkVersion,
        run.input(),
        run.modelLocation(),
        run.tokensPerSecond(),
        embeddings,
        derived,
        rows,
        rowsByStatus,
        partitionBy,
        partitionTypes,
        files,
        parts,
        rowsByPart,
        "");
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
    return ofRun(
        run,
        table.sparkSession().version(),
        embeddings,
        derived,
        counts.rows(),
        counts.byColumn(),
        target.partitionBy(),
        PartitionTypes.ddl(table.schema(), target.partitionBy()),
        files,
        List.of(),
        Map.of());
  }

  /**
   * The manifest of a run that ends now and changed columns of embeddings in a table of others.
   *
   * @param before what the table said; empty if nothing
   * @param column the column of embeddings that was changed
   * @param made what made it; empty if not all of its embeddings were made by the same
   * @param counts numbers of rows, by all status columns that are kept up to date
   */
  public static RunManifest ofChange(
      RunInfo run,
      String sparkVersion,
      Optional<RunManifest> before,
      String column,
      Optional<EmbeddingProvenance> made,
      StatusCounts counts) {
    Map<String, EmbeddingProvenance> embeddings = new TreeMap<>();
    before.ifPresent(old -> embeddings.putAll(old.embeddings()));
    embeddings.remove(column);
    made.ifPresent(provenance -> embeddings.put(column, provenance));
    return ofRun(
        run,
        sparkVersion,
        embeddings,
        before.map(RunManifest::derived).orElse(Map.of()),
        counts.rows(),
        counts.byColumn(),
        before.map(RunManifest::partitionBy).orElse(List.of()),
        before.map(RunManifest::partitionTypes).orElse(""),
        List.of(),
        List.of(),
        Map.of());
  }

  /** A copy that does not say what made a column of embeddings. */
  public RunManifest without(String column) {
    Map<String, EmbeddingProvenance> others = new TreeMap<>(embeddings);
    others.remove(column);
    return copy(others, "");
  }

  /**
   * The manifest of a directory of several tables and files; each table also has its own.
   *
   * @param parts names of tables and files
   * @param rowsByPart rows of each table, first of the one that has the input's rows
   */
  static RunManifest ofParts(
      RunInfo run, String sparkVersion, List<String> parts, Map<String, Long> rowsByPart) {
    return ofRun(
        run,
        sparkVersion,
        Map.of(),
        Map.of(),
        rowsByPart.values().stream().findFirst().orElse(0L),
        Map.of(),
        List.of(),
        "",
        List.of(),
        parts,
        rowsByPart);
  }

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException if the text is not a manifest
   */
  public static RunManifest parse(String json) {
    try {
      RunManifest manifest = JSON.readValue(json, RunManifest.class);
      if (manifest == null) {
        throw new IllegalArgumentException("Cannot read %s: it is empty".formatted(FILE));
      }
      return manifest;
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

  /** This manifest as JSON in one line. */
  String toLine() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the manifest of run " + runId, e);
    }
  }

  /**
   * Whether a manifest's text is what the run wrote, to the last bit; {@code true} in version 1 of
   * the layout, which does not tell.
   *
   * @throws IllegalArgumentException if the text is not a manifest
   */
  public static boolean isAsWritten(String json) {
    RunManifest manifest = parse(json);
    if (manifest.formatVersion < WITH_CHECKSUMS) {
      return true;
    }
    String end = CHECKSUM.formatted(manifest.checksum);
    return json.endsWith(end)
        && manifest.checksum.equals(
            checksumOf(json.substring(0, json.length() - end.length()) + CHECKSUM.formatted("")));
  }

  private static String checksumOf(String unsigned) {
    return Checksums.sha256(unsigned.getBytes(StandardCharsets.UTF_8));
  }

  /** This manifest as indented JSON that ends with its checksum. */
  public String toJson() {
    String unsigned = withChecksum("").asText();
    return withChecksum(checksumOf(unsigned)).asText();
  }

  private RunManifest withChecksum(String sha256) {
    return copy(embeddings, sha256);
  }

  private RunManifest copy(Map<String, EmbeddingProvenance> others, String sha256) {
    return new RunManifest(
        formatVersion,
        runId,
        started,
        finished,
        toolVersion,
        sparkVersion,
        input,
        modelLocation,
        tokensPerSecond,
        others,
        derived,
        rows,
        rowsByStatus,
        partitionBy,
        partitionTypes,
        files,
        parts,
        rowsByPart,
        sha256);
  }

  private String asText() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the manifest of run " + runId, e);
    }
  }
}
