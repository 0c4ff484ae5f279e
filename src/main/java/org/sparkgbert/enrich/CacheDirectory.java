package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.LakeTable;
import org.sparkgbert.lake.VectorFiles;

/**
 * A cache in a directory of Parquet, laid out as {@link CacheFiles} says.
 *
 * <p>Spark's own buckets need a table in a catalog, and its appends to one directory lose rows
 * where two run at once. So a bucket is the first four bits of a key, every run writes into a
 * directory of its own, and its finished files are renamed into place one by one: readers never see
 * half a file, and no run touches a file of another.
 *
 * @param spark the session
 * @param place where it is
 */
record CacheDirectory(SparkSession spark, CachePlace place) implements CacheStore {
  /** About so many vectors make up a file: some 400 MB with 1,024 dimensions. */
  private static final long ROWS_PER_FILE = 100_000;

  /** About so many are worth a task. */
  private static final long ROWS_PER_TASK = 10_000;

  private static final String BUCKET = "bucket";

  CacheFiles files() {
    return CacheFiles.at(place.table(), hadoop());
  }

  private Configuration hadoop() {
    return spark.sessionState().newHadoopConf();
  }

  @Override
  public boolean exists() {
    boolean exists = files().exist();
    if (!exists && LakeTable.named(spark, place.table()).isPresent()) {
      throw new IllegalArgumentException(
          "Cannot use %s: there is no such directory, but a table of that name; give its --cache-format"
              .formatted(place));
    }
    return exists;
  }

  @Override
  public void create() {
    files().create();
  }

  @Override
  public Optional<Dataset<Row>> rows(String fingerprint) {
    List<String> paths = footers(fingerprint).stream().map(ParquetFile::path).toList();
    return paths.isEmpty() ? Optional.empty() : Optional.of(read(paths));
  }

  /** The footers of all files of a fingerprint; each is asked whether it belongs there. */
  List<ParquetFile> footers(String fingerprint) {
    List<FileStatus> found = files().list(fingerprint);
    List<ParquetFile> footers = ParquetFiles.readAll(found, hadoop());
    footers.forEach(footer -> require(footer, fingerprint));
    return footers;
  }

  private void require(ParquetFile file, String fingerprint) {
    List<String> columns = List.of(CachedVectors.SCHEMA.fieldNames());
    if (!file.columns().equals(columns)) {
      throw foreign(file, "it must have columns %s, found %s".formatted(columns, file.columns()));
    }
    String found = provenance(file).map(EmbeddingProvenance::fingerprint).orElse("none");
    if (!found.equals(fingerprint)) {
      throw foreign(file, "its vectors must be of this fingerprint, found " + found);
    }
  }

  /** What made the vectors of a file. */
  static EmbeddingProvenance made(ParquetFile file) {
    return provenance(file).orElseThrow();
  }

  private static Optional<EmbeddingProvenance> provenance(ParquetFile file) {
    String vector = VectorRows.COLUMNS.embedding();
    String json = file.metadata().getOrDefault(vector, "{}");
    return EmbeddingProvenance.of(
        new StructField(vector, DataTypes.StringType, true, Metadata.fromJson(json)));
  }

  private IllegalArgumentException foreign(ParquetFile file, String reason) {
    return new IllegalArgumentException(
        "Cannot use %s: %s is no file of it, %s; move it away"
            .formatted(place, file.path(), reason));
  }

  /** Reads files of this cache, whatever is added meanwhile. */
  Dataset<Row> read(List<String> paths) {
    return InputPaths.verified(spark, Optional.of(CachedVectors.SCHEMA))
        .parquet(paths.toArray(String[]::new));
  }

  @Override
  public void add(Dataset<Row> rows, long count, String fingerprint) {
    String run = UUID.randomUUID().toString();
    try {
      write(rows, count, fingerprint, run);
    } finally {
      files().unstage(run);
    }
  }

  /**
   * Writes rows as new files.
   *
   * @param run names them
   * @return their paths relative to the cache
   * @throws IllegalStateException if other rows were written than there are; none is added then
   */
  List<String> write(Dataset<Row> rows, long count, String fingerprint, String run) {
    Path staged = new Path(files().staging(run), fingerprint);
    long filesPerBucket = 1 + count / (CachedVectors.BUCKETS * ROWS_PER_FILE);
    long tasks = Math.min(CachedVectors.BUCKETS * filesPerBucket, 1 + count / ROWS_PER_TASK);
    Column firstDigit = functions.substring(functions.hex(col(VectorRows.KEY)), 1, 1);
    rows.drop(CachedVectors.FINGERPRINT)
        .withColumn(BUCKET, functions.lpad(functions.conv(firstDigit, 16, 10), 2, "0"))
        .repartition(
            Math.toIntExact(tasks),
            col(BUCKET),
            functions.pmod(functions.hash(col(VectorRows.KEY)), functions.lit(filesPerBucket)))
        .sortWithinPartitions(BUCKET, VectorRows.KEY)
        .write()
        .partitionBy(BUCKET)
        .options(VectorFiles.options(rows.schema()))
        .parquet(staged.toString());
    long written =
        ParquetFiles.readFooters(List.of(staged.toString()), hadoop()).stream()
            .mapToLong(ParquetFile::rows)
            .sum();
    if (written != count) {
      throw new IllegalStateException(
          "Cannot add to %s: wrote %d vectors, expected %d".formatted(place, written, count));
    }
    return files().publish(run, staged, fingerprint);
  }

  @Override
  public PrunedCache prune(PruneSettings settings, Stages stages) {
    return new DirectoryPrune(this, settings).run(stages);
  }
}
