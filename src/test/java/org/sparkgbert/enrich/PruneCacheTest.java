package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.TinyModel;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.lake.Lease;

/** Prunes a cache in a directory of Parquet. */
class PruneCacheTest {
  private static final List<String> TEXTS = TinyVectors.texts(0, 30);

  @TempDir Path folder;
  private SparkSession spark;
  private RunModel model;
  private Map<String, List<Float>> vectors;

  @BeforeEach
  void fill() {
    spark = TestSpark.session();
    model = TinyVectors.model(spark);
    Dataset<Row> encoded = TinyVectors.encoded(spark, model, TEXTS);
    vectors = TinyVectors.once(spark, model, TEXTS, encoded);
    cache(model).add(encoded);
  }

  private String directory() {
    return folder.resolve("cache").toString();
  }

  private VectorCache cache(RunModel by) {
    return VectorCache.open(
        spark, new CachePlace(directory(), CacheFormat.PARQUET), by.provenance());
  }

  private Map<String, List<Float>> known() {
    return TinyVectors.once(spark, model, TEXTS, cache(model).known().orElseThrow().rows());
  }

  private PrunedCache prune(String... options) {
    Map<String, String> settings = new HashMap<>(Map.of("cache", directory()));
    for (int i = 0; i < options.length; i += 2) {
      settings.put(options[i], options[i + 1]);
    }
    return new PruneCache(PruneSettings.of(settings)).run(spark, Progress.NONE);
  }

  private String embedded(String name, List<String> texts, String... more) {
    String table = folder.resolve(name).toString();
    TinyVectors.embed(spark, folder, table, texts, more);
    return table;
  }

  /** Vectors of the texts that a test keeps, as they were before. */
  private Map<String, List<Float>> before(List<String> texts) {
    Map<String, List<Float>> kept = new HashMap<>(vectors);
    kept.keySet().retainAll(texts);
    return kept;
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(directory()))) {
      return files.filter(file -> file.getFileName().toString().endsWith(".parquet")).count();
    }
  }

  @Test
  void vectorsOfTextsInTheTablesNamedStayAndOthersGo() {
    String one = embedded("one", TEXTS.subList(0, 10));
    String two = embedded("two", TEXTS.subList(5, 12), "embedding-column", "vektor");
    PrunedCache planned = prune("keep", one + "," + two, "dry-run", "true");
    assertThat(planned.gone()).isEqualTo(18);
    assertThat(planned.stayed()).isEqualTo(12);
    assertThat(known()).isEqualTo(vectors);
    PrunedCache pruned = prune("keep", one + "," + two);
    assertThat(pruned.vectors()).isEqualTo(planned.vectors());
    assertThat(pruned.vectors())
        .singleElement()
        .satisfies(
            share -> {
              assertThat(share.made().model()).isEqualTo("tiny-bert");
              assertThat(share.bytesGone()).isPositive().isLessThan(share.bytes());
            });
    assertThat(known()).isEqualTo(before(TEXTS.subList(0, 12)));
    assertThat(prune("keep", one + "," + two).gone()).isZero();
  }

  @Test
  void aTextKeepsTheVectorsOfEveryModelWhateverItsPrompt() throws IOException {
    Path prompted = TinyModel.copyTo(folder.resolve("prompted"));
    TinyModel.editManifest(prompted, "\"prompt\": \"\"", "\"prompt\": \"frage: \"");
    RunModel other = TinyVectors.model(spark, prompted, 0);
    assertThat(other.keys().of("Text")).isNotEqualTo(model.keys().of("Text"));
    cache(other).add(TinyVectors.encoded(spark, other, TEXTS));
    String table = embedded("kept", TEXTS.subList(0, 4));
    assertThat(prune("keep", table).stayed()).isEqualTo(8);
    assertThat(known()).isEqualTo(before(TEXTS.subList(0, 4)));
    assertThat(TinyVectors.once(spark, other, TEXTS, cache(other).known().orElseThrow().rows()))
        .containsOnlyKeys(TEXTS.subList(0, 4));
    String blind = embedded("blind", TEXTS.subList(0, 4), "keep-columns", "id");
    assertThatThrownBy(() -> prune("keep", blind))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("table " + blind + " has no text column 'text', so it does not tell");
  }

  @Test
  void vectorsOfOtherModelsThanThoseNamedGo() throws IOException {
    RunModel shorter = TinyVectors.model(spark, TinyBert.directory(), 16);
    cache(shorter).add(TinyVectors.encoded(spark, shorter, TEXTS));
    assertThat(prune("keep-model", TinyBert.directory().toString()).gone()).isZero();
    Path other = TinyModel.copyTo(folder.resolve("other"));
    TinyModel.editManifest(other, "\"prompt\": \"\"", "\"prompt\": \"frage: \"");
    PrunedCache pruned = prune("keep-model", other.toString(), "dry-run", "true");
    assertThat(pruned.gone()).isEqualTo(60);
    assertThat(pruned.vectors()).hasSize(2);
    assertThat(prune("keep-model", other.toString()).stayed()).isZero();
    assertThat(cache(model).known()).isEmpty();
  }

  @Test
  void onlyVectorsThatAreOldEnoughGo() {
    add(TinyVectors.texts(30, 35), LocalDate.now(ZoneOffset.UTC).minusDays(91));
    add(TinyVectors.texts(35, 40), LocalDate.now(ZoneOffset.UTC).minusDays(90));
    String table = embedded("kept", TinyVectors.texts(28, 32));
    assertThat(prune("older-than", "90d", "keep", table).gone()).isEqualTo(3);
    assertThat(prune("older-than", "90d").gone()).isEqualTo(2);
    assertThat(prune("older-than", "89d", "dry-run", "true").gone()).isEqualTo(5);
    assertThat(known()).isEqualTo(vectors);
  }

  private void add(List<String> texts, LocalDate day) {
    Dataset<Row> rows =
        CachedVectors.of(TinyVectors.encoded(spark, model, texts), model.provenance())
            .withColumn(CachedVectors.ADDED, lit(day));
    store().add(rows, texts.size(), model.fingerprint());
  }

  private CacheDirectory store() {
    return new CacheDirectory(spark, new CachePlace(directory(), CacheFormat.PARQUET));
  }

  @Test
  void smallFilesAreJoinedAndReadersOfTheOldOnesEnd() throws IOException {
    for (int i = 0; i < 3; i++) {
      cache(model).add(TinyVectors.encoded(spark, model, TEXTS));
    }
    Dataset<Row> planned = cache(model).known().orElseThrow().rows();
    long before = files();
    PrunedCache pruned = prune("older-than", "90d");
    assertThat(pruned.gone()).isZero();
    assertThat(pruned.filesBefore()).isEqualTo(before);
    assertThat(pruned.filesAfter()).isLessThanOrEqualTo(16).isLessThan(pruned.filesBefore());
    assertThat(known().keySet()).isEqualTo(vectors.keySet());
    assertThat(TinyVectors.lookUp(spark, model, TEXTS, planned).values())
        .allSatisfy(each -> assertThat(each).hasSize(4));
    assertThat(files()).isEqualTo(before + pruned.filesAfter());
    // Nothing is written again that is as it should be.
    assertThat(prune("older-than", "90d").filesAfter()).isEqualTo(pruned.filesAfter());
    assertThat(files()).isEqualTo(before + pruned.filesAfter());
    prune("older-than", "90d", "keep-old", "next-run");
    assertThat(files()).isEqualTo(pruned.filesAfter());
    assertThat(known().keySet()).isEqualTo(vectors.keySet());
  }

  @Test
  void replacedFilesAreDeletedAtOnceIfNoneAreKept() throws IOException {
    String table = embedded("kept", TEXTS.subList(0, 3));
    PrunedCache pruned = prune("keep", table, "keep-old", "none");
    assertThat(files()).isEqualTo(pruned.filesAfter());
    assertThat(known()).isEqualTo(before(TEXTS.subList(0, 3)));
  }

  @Test
  void aPruneThatDiedBeforeItsLastStepLosesNothing() {
    String fingerprint = model.fingerprint();
    Dataset<Row> rows =
        store().rows(fingerprint).orElseThrow().withColumn("fingerprint", lit(fingerprint));
    store()
        .write(
            rows.withMetadata("embedding", model.provenance().toMetadata()),
            TEXTS.size(),
            fingerprint,
            UUID.randomUUID().toString());
    Dataset<Row> twice = cache(model).known().orElseThrow().rows();
    assertThat(TinyVectors.lookUp(spark, model, TEXTS, twice))
        .hasSize(TEXTS.size())
        .allSatisfy((text, found) -> assertThat(found).hasSize(2).containsOnly(vectors.get(text)));
    prune("older-than", "90d");
    assertThat(known()).isEqualTo(vectors);
  }

  @Test
  void onePruneAtATime() throws IOException {
    org.apache.hadoop.fs.Path leases = new org.apache.hadoop.fs.Path(directory(), "_prune");
    try (Lease other = Lease.take(leases, "other", "cache", spark.sessionState().newHadoopConf())) {
      other.requireHeld();
      assertThatThrownBy(() -> prune("older-than", "0d"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot write cache " + directory() + ": another run is writing");
      cache(model).add(TinyVectors.encoded(spark, model, TinyVectors.texts(30, 31)));
    }
    assertThat(prune("older-than", "0d").gone()).isZero();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> prune())
        .hasMessage(
            "Cannot prune cache %s: nothing says what goes; give --keep, --keep-model or --older-than",
            directory());
    assertThatThrownBy(() -> prune("older-than", "90"))
        .hasMessage("Cannot run: --older-than must be a number of days such as 90d, found '90'");
    assertThatThrownBy(() -> prune("cache", directory() + "2", "older-than", "1d"))
        .hasMessage("Cannot prune cache %s2: there is no such cache", directory());
    assertThatThrownBy(() -> prune("keep", folder.resolve("none").toString()))
        .hasMessageStartingWith("Cannot read table");
    assertThat(known()).isEqualTo(vectors);
  }
}
