package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparkgbert.LakeSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.embed.TinyBert;

/** Caches in tables of Iceberg and Delta, and vectors of such tables, with the real libraries. */
@Tag("long")
class EnrichCacheIT {
  private static final List<String> TEXTS = TinyVectors.texts(0, 30);

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static SparkSession spark;
  private static RunModel model;
  private static Dataset<Row> encoded;
  private static Map<String, List<Float>> vectors;

  @BeforeAll
  static void openSession() {
    spark = LakeSession.open(shared.resolve("warehouse"));
    model = TinyVectors.model(spark);
    encoded = TinyVectors.encoded(spark, model, TEXTS);
    vectors = TinyVectors.once(spark, model, TEXTS, encoded);
  }

  @AfterAll
  static void restoreSession() {
    LakeSession.close();
  }

  @BeforeEach
  void dropTables() {
    spark.sql("DROP TABLE IF EXISTS lake.db.vectors PURGE");
    spark.sql("DROP TABLE IF EXISTS lake.db.embedded PURGE");
  }

  private CachePlace place(CacheFormat format) {
    return new CachePlace(
        format == CacheFormat.ICEBERG
            ? "lake.db.vectors"
            : folder.resolve("delta vectors").toString(),
        format);
  }

  private VectorCache cache(CacheFormat format, RunModel by) {
    return VectorCache.open(spark, place(format), by.provenance());
  }

  private String sql(CacheFormat format) {
    return new CacheTable(spark, place(format)).name();
  }

  private Map<String, List<Float>> known(CacheFormat format) {
    return TinyVectors.once(spark, model, TEXTS, cache(format, model).known().orElseThrow().rows());
  }

  private PrunedCache prune(CacheFormat format, String... options) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "cache",
                place(format).table(),
                "cache-format",
                format.name().toLowerCase(Locale.ROOT)));
    for (int i = 0; i < options.length; i += 2) {
      settings.put(options[i], options[i + 1]);
    }
    return new PruneCache(PruneSettings.of(settings)).run(spark, Progress.NONE);
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA"})
  void vectorsComeBackBitForBitAndAreOfTheirFingerprint(CacheFormat format) {
    assertThat(cache(format, model).known()).isEmpty();
    RunModel shorter = TinyVectors.model(spark, TinyBert.directory(), 16);
    Dataset<Row> all = encoded.unionByName(TinyVectors.failed(spark, model, "Kaputter Text."));
    assertThat(cache(format, model).add(all)).isEqualTo(TEXTS.size());
    cache(format, shorter).add(TinyVectors.encoded(spark, shorter, TEXTS.subList(0, 3)));
    assertThat(known(format)).isEqualTo(vectors);
    assertThat(spark.table(sql(format)).count()).isEqualTo(TEXTS.size() + 3);
    assertThat(cache(format, shorter).known().orElseThrow().rows().count()).isEqualTo(3);
    // What is known is known as of now.
    Dataset<Row> before = cache(format, model).known().orElseThrow().rows();
    prune(format, "older-than", "0d", "keep", embedded(format, TEXTS.subList(0, 1)));
    spark.sql("DELETE FROM " + sql(format));
    assertThat(before.count()).isEqualTo(TEXTS.size());
    assertThat(cache(format, model).known().orElseThrow().rows().count()).isZero();
  }

  private String embedded(CacheFormat format, List<String> texts) {
    String table =
        format == CacheFormat.ICEBERG
            ? "lake.db.embedded"
            : folder.resolve("delta embedded").toString();
    TinyVectors.embed(
        spark, folder, table, texts, "output-format", format.name().toLowerCase(Locale.ROOT));
    return table;
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA"})
  void manyMayAddAtOnceBesideAPrune(CacheFormat format) throws Exception {
    Dataset<Row> old =
        CachedVectors.of(encoded.limit(10), model.provenance())
            .withColumn(CachedVectors.ADDED, lit(LocalDate.now(ZoneOffset.UTC).minusDays(100)));
    CacheTable table = new CacheTable(spark, place(format));
    table.create();
    table.add(old, 10, model.fingerprint());
    List<Runnable> all = new ArrayList<>(adding(format, 100));
    all.add(() -> prune(format, "older-than", "90d"));
    atOnce(all);
    requireAdded(format, 100);
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA"})
  void manyMayMakeTheCacheAtOnce(CacheFormat format) throws Exception {
    atOnce(adding(format, 200));
    requireAdded(format, 200);
  }

  @Test
  void aTableThatAnotherRunIsMakingIsWaitedFor() throws Exception {
    cache(CacheFormat.DELTA, model).add(encoded);
    Path made = folder.resolve("delta vectors");
    Path log = Path.of("_delta_log", "00000000000000000000.json");
    Path away = Files.move(made, folder.resolve("made elsewhere"));
    // Delta makes the directory of the log well before the table's first version is there.
    Files.createDirectories(made.resolve("_delta_log"));
    Future<Path> late =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.copy(away.resolve(log), made.resolve(log));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS));
    assertThat(cache(CacheFormat.DELTA, model).known().orElseThrow().rows().count()).isZero();
    assertThat(late).isDone();
  }

  @Test
  void aDirectoryThatIsNoTableIsRefused() throws Exception {
    Path made = Files.createDirectories(folder.resolve("delta vectors"));
    assertThat(cache(CacheFormat.DELTA, model).known()).isEmpty();
    Path left = Files.createDirectory(made.resolve("_delta_log"));
    assertNoTable();
    Files.move(left, made.resolve("something"));
    assertNoTable();
  }

  private void assertNoTable() {
    assertThatThrownBy(() -> cache(CacheFormat.DELTA, model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use cache %s: it is a directory, but no table of Delta; choose another one"
                .formatted(folder.resolve("delta vectors")));
  }

  /** Runs that add five texts each, the first of which has this number. */
  private List<Runnable> adding(CacheFormat format, int first) {
    List<Runnable> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int from = first + 5 * i;
      Dataset<Row> part = TinyVectors.encoded(spark, model, TinyVectors.texts(from, from + 5));
      runs.add(() -> cache(format, model).add(part));
    }
    return runs;
  }

  private static void atOnce(List<Runnable> runs) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(runs.size());
    try {
      List<Future<?>> done = new ArrayList<>();
      runs.forEach(run -> done.add(threads.submit(run)));
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void requireAdded(CacheFormat format, int first) {
    List<String> added = TinyVectors.texts(first, first + 20);
    Dataset<Row> known = cache(format, model).known().orElseThrow().rows();
    assertThat(known.count()).isEqualTo(20);
    assertThat(TinyVectors.once(spark, model, added, known))
        .containsOnlyKeys(added.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA"})
  void aPruneKeepsWhatItSays(CacheFormat format) {
    RunModel shorter = TinyVectors.model(spark, TinyBert.directory(), 16);
    cache(format, model).add(encoded);
    cache(format, model).add(encoded);
    cache(format, shorter).add(TinyVectors.encoded(spark, shorter, TEXTS));
    String table = embedded(format, TEXTS.subList(0, 8));
    PrunedCache planned = prune(format, "keep", table, "dry-run", "true");
    assertThat(planned.gone()).isEqualTo(2 * 22 + 22);
    assertThat(spark.table(sql(format)).count()).isEqualTo(90);
    assertThat(prune(format, "keep", table)).isEqualTo(planned);
    assertThat(
            TinyVectors.lookUp(
                spark, model, TEXTS, cache(format, model).known().orElseThrow().rows()))
        .containsOnlyKeys(TEXTS.subList(0, 8))
        .allSatisfy((text, found) -> assertThat(found).hasSize(2).containsOnly(vectors.get(text)));
    assertThat(cache(format, shorter).known().orElseThrow().rows().count()).isEqualTo(8);
    assertThat(prune(format, "keep-model", TinyBert.directory().toString()).gone()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA"})
  void vectorsOfATableAreUsedAgain(CacheFormat format) {
    String table = embedded(format, TEXTS);
    ReusedTables reused = new ReusedTables(List.of(table), "embedding");
    List<KnownVectors> known = reused.known(spark, model.provenance(), model.keys(), Progress.NONE);
    TinyVectors.assertNear(TinyVectors.once(spark, model, TEXTS, known.get(0).rows()), vectors);
    spark.sql(
        "DELETE FROM " + (format == CacheFormat.ICEBERG ? table : "delta.`%s`".formatted(table)));
    assertThat(known.get(0).rows().count()).isEqualTo(TEXTS.size());
    RunModel shorter = TinyVectors.model(spark, TinyBert.directory(), 16);
    assertThat(reused.known(spark, shorter.provenance(), shorter.keys(), Progress.NONE)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA"})
  void whatIsNoCacheIsRefused(CacheFormat format) {
    String table = embedded(format, TEXTS.subList(0, 2));
    assertThatThrownBy(
            () -> VectorCache.open(spark, new CachePlace(table, format), model.provenance()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use cache " + table + ": it has no column 'fingerprint'");
    CachePlace parquet = new CachePlace(table, CacheFormat.PARQUET);
    assertThatThrownBy(() -> VectorCache.open(spark, parquet, model.provenance()))
        .hasMessageStartingWith("Cannot use cache ")
        .hasMessageContaining(
            format == CacheFormat.ICEBERG ? "give its --cache-format" : "_vector_cache.json");
    cache(format, model).add(encoded);
    spark.sql("UPDATE %s SET embedding = slice(embedding, 1, 8) WHERE true".formatted(sql(format)));
    assertThatThrownBy(() -> known(format))
        .satisfies(
            e ->
                assertThat(SparkErrors.oneLine(e))
                    .contains("Cannot use the vectors of cache " + place(format).table())
                    .contains("must have 32 dimensions, found 8"));
  }
}
