package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.KeepOld;
import org.sparkgbert.lake.Lease;

/**
 * Prunes a cache that is a directory: files of which some vectors go, and small ones, are written
 * again as few; then the old ones are said to be replaced. A prune that dies has removed nothing
 * that stays: before the last step old files and new ones hold the same vectors.
 *
 * @param cache the cache
 * @param settings what goes
 */
record DirectoryPrune(CacheDirectory cache, PruneSettings settings) {
  /** Smaller files are joined. */
  private static final long SMALL_BYTES = 16 << 20;

  private static final String FILE = "file";

  /**
   * A file of the cache.
   *
   * @param footer what it says of itself
   * @param rows its vectors
   * @param gone how many of them go
   */
  private record Judged(ParquetFile footer, long rows, long gone) {
    boolean isSmallOrMixed() {
      return gone < rows && (gone > 0 || footer.bytes() < SMALL_BYTES);
    }

    boolean goes() {
      return gone == rows;
    }

    String bucket() {
      return new Path(footer.path()).getParent().getName();
    }

    long bytesGone() {
      return rows == 0 ? 0 : Math.round((double) footer.bytes() * gone / rows);
    }
  }

  PrunedCache run(Stages stages) {
    try {
      return settings.dryRun() ? prune(stages, Optional.empty()) : pruneAlone(stages);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot prune %s: %s".formatted(cache.place(), e.getMessage()), e);
    }
  }

  /** With a lease, since what one prune keeps another could bring back. */
  private PrunedCache pruneAlone(Stages stages) throws IOException {
    Path leases = new Path(cache.files().root(), "_prune");
    String run = UUID.randomUUID().toString();
    try (Lease lease =
        Lease.take(leases, run, cache.place().toString(), spark().sessionState().newHadoopConf())) {
      cache.files().clean(settings.keepOld(), Instant.now());
      PrunedCache pruned = prune(stages, Optional.of(lease));
      if (settings.keepOld().equals(KeepOld.NONE)) {
        cache.files().clean(settings.keepOld(), Instant.now());
      }
      return pruned;
    }
  }

  private SparkSession spark() {
    return cache.spark();
  }

  /**
   * Prunes, or only says what would go.
   *
   * @param lease empty if nothing is to be done
   */
  private PrunedCache prune(Stages stages, Optional<Lease> lease) throws IOException {
    stages.begin("find what goes");
    Map<String, List<ParquetFile>> footers = new TreeMap<>();
    for (String fingerprint : cache.files().fingerprints()) {
      List<ParquetFile> found = cache.footers(fingerprint);
      if (!found.isEmpty()) {
        footers.put(fingerprint, found);
      }
    }
    Map<String, EmbeddingProvenance> made = new TreeMap<>();
    footers.forEach(
        (fingerprint, files) -> made.put(fingerprint, CacheDirectory.made(files.get(0))));
    try (PruneRules rules = PruneRules.of(settings, spark(), List.copyOf(made.values()))) {
      List<PrunedCache.Share> shares = new ArrayList<>();
      int before = 0;
      int after = 0;
      for (Map.Entry<String, EmbeddingProvenance> one : made.entrySet()) {
        List<Judged> files = judge(footers.get(one.getKey()), one.getKey(), rules);
        shares.add(share(one.getValue(), files));
        before += files.size();
        after += files.size();
        if (lease.isPresent()) {
          stages.begin("write files");
          after += rewrite(files, one.getValue(), rules, lease.get());
        }
      }
      return new PrunedCache(shares, before, after);
    }
  }

  private List<Judged> judge(List<ParquetFile> files, String fingerprint, PruneRules rules) {
    Map<String, Row> counts = new HashMap<>();
    rules
        .judge(
            rows(files, fingerprint)
                .withColumn(FILE, substring_index(input_file_name(), "/", -2))
                .select(CachedVectors.FINGERPRINT, VectorRows.KEY, CachedVectors.ADDED, FILE))
        .groupBy(FILE)
        .agg(count(lit(1)), sum(col(PruneRules.GOES).cast("int")))
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row));
    List<Judged> judged = new ArrayList<>();
    for (ParquetFile file : files) {
      Path path = new Path(file.path());
      // A task gives its files in all buckets the same name.
      Row count = counts.get(path.getParent().getName() + "/" + path.getName());
      judged.add(
          new Judged(
              file, count == null ? 0 : count.getLong(1), count == null ? 0 : count.getLong(2)));
    }
    return judged;
  }

  private Dataset<Row> rows(List<ParquetFile> files, String fingerprint) {
    return cache
        .read(files.stream().map(ParquetFile::path).toList())
        .withColumn(CachedVectors.FINGERPRINT, lit(fingerprint));
  }

  private static PrunedCache.Share share(EmbeddingProvenance made, List<Judged> files) {
    return new PrunedCache.Share(
        made,
        files.stream().mapToLong(Judged::rows).sum(),
        files.stream().mapToLong(Judged::gone).sum(),
        files.stream().mapToLong(file -> file.footer().bytes()).sum(),
        files.stream().mapToLong(Judged::bytesGone).sum());
  }

  /** Writes what stays of files that change, and returns how many files there are more. */
  private int rewrite(List<Judged> files, EmbeddingProvenance made, PruneRules rules, Lease lease)
      throws IOException {
    List<ParquetFile> changing = changing(files);
    List<ParquetFile> old =
        new ArrayList<>(files.stream().filter(Judged::goes).map(Judged::footer).toList());
    old.addAll(changing);
    if (old.isEmpty()) {
      return 0;
    }
    String run = UUID.randomUUID().toString();
    try {
      int written = changing.isEmpty() ? 0 : write(changing, made, rules, run);
      lease.requireHeld();
      cache
          .files()
          .replace(
              run,
              old.stream().map(file -> cache.files().relative(new Path(file.path()))).toList(),
              Instant.now());
      return written - old.size();
    } finally {
      cache.files().unstage(run);
    }
  }

  /** Files of which some vectors stay that are written again; no small one that is alone. */
  private static List<ParquetFile> changing(List<Judged> files) {
    Map<String, List<Judged>> byBucket = new TreeMap<>();
    for (Judged file : files) {
      if (file.isSmallOrMixed()) {
        byBucket.computeIfAbsent(file.bucket(), bucket -> new ArrayList<>()).add(file);
      }
    }
    List<ParquetFile> changing = new ArrayList<>();
    for (List<Judged> bucket : byBucket.values()) {
      if (bucket.size() > 1 || bucket.get(0).gone() > 0) {
        bucket.forEach(file -> changing.add(file.footer()));
      }
    }
    return changing;
  }

  private int write(
      List<ParquetFile> files, EmbeddingProvenance made, PruneRules rules, String run) {
    Dataset<Row> staying =
        rules
            .judge(rows(files, made.fingerprint()))
            .where(not(col(PruneRules.GOES)))
            .dropDuplicates(VectorRows.KEY)
            .select(ColumnNames.columns(CachedVectors.names()))
            .withMetadata(VectorRows.COLUMNS.embedding(), made.toMetadata());
    return cache.write(staying, staying.count(), made.fingerprint(), run).size();
  }
}
