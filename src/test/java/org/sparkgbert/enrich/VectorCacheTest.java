package org.sparkgbert.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.ChildJvm;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.embed.TinyBert;

/** A cache in a directory of Parquet. */
@Tag("long")
class VectorCacheTest {
  private static final List<String> TEXTS = TinyVectors.texts(0, 40);

  @TempDir Path folder;
  private SparkSession spark;
  private RunModel model;

  @BeforeEach
  void open() {
    spark = TestSpark.session();
    model = TinyVectors.model(spark);
  }

  private Path directory() {
    return folder.resolve("lake/vectors of all");
  }

  private VectorCache cache() {
    return cache(model);
  }

  private VectorCache cache(RunModel by) {
    return VectorCache.open(
        spark, new CachePlace(directory().toString(), CacheFormat.PARQUET), by.provenance());
  }

  private Dataset<Row> encoded(List<String> texts) {
    return TinyVectors.encoded(spark, model, texts);
  }

  private Map<String, List<Float>> known(List<String> texts) {
    return TinyVectors.once(spark, model, texts, cache().known().orElseThrow().rows());
  }

  @Test
  void vectorsComeBackBitForBit() {
    assertThat(cache().known()).isEmpty();
    Dataset<Row> fresh = encoded(TEXTS);
    assertThat(cache().add(fresh)).isEqualTo(TEXTS.size());
    KnownVectors known = cache().known().orElseThrow();
    assertThat(known.rows().columns()).isEqualTo(VectorRows.SCHEMA.fieldNames());
    assertThat(known(TEXTS))
        .hasSize(TEXTS.size())
        .isEqualTo(TinyVectors.once(spark, model, TEXTS, fresh));
    assertThat(
            known
                .rows()
                .drop(VectorRows.COLUMNS.embedding())
                .exceptAll(fresh.drop(VectorRows.COLUMNS.embedding()))
                .count())
        .isZero();
    assertThat(cache().add(encoded(TinyVectors.texts(40, 45)))).isEqualTo(5);
    assertThat(known(TinyVectors.texts(0, 50))).hasSize(45);
  }

  @Test
  void whatFailedOrIsBlankNeverGetsIn() {
    List<String> texts = new ArrayList<>(Arrays.asList(null, "", "  \u00a0", "Ein Text."));
    Dataset<Row> rows =
        encoded(texts).unionByName(TinyVectors.failed(spark, model, "Kaputter Text."));
    assertThat(cache().add(rows)).isEqualTo(1);
    assertThat(cache().known().orElseThrow().rows().count()).isEqualTo(1);
    assertThat(cache().add(rows.where("embedding IS NULL"))).isZero();
  }

  @Test
  void vectorsOfAnotherFingerprintAreNotSeen() {
    cache().add(encoded(TEXTS));
    RunModel shorter = TinyVectors.model(spark, TinyBert.directory(), 16);
    assertThat(shorter.fingerprint()).isNotEqualTo(model.fingerprint());
    assertThat(cache(shorter).known()).isEmpty();
    cache(shorter).add(TinyVectors.encoded(spark, shorter, TEXTS.subList(0, 3)));
    assertThat(cache(shorter).known().orElseThrow().rows().count()).isEqualTo(3);
    assertThat(known(TEXTS)).hasSize(TEXTS.size());
  }

  @Test
  void manyMayAddAtOnce() throws Exception {
    List<Dataset<Row>> parts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      parts.add(encoded(TinyVectors.texts(10 * i, 10 * i + 10)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Long>> added =
          parts.stream().map(part -> threads.submit(() -> cache().add(part))).toList();
      for (Future<Long> one : added) {
        assertThat(one.get()).isEqualTo(10);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(known(TEXTS)).isEqualTo(TinyVectors.once(spark, model, TEXTS, encoded(TEXTS)));
    try (Stream<Path> staged = Files.list(directory().resolve("_staging"))) {
      assertThat(staged).isEmpty();
    }
  }

  @Test
  void killedWritersAndPrunesLoseAndDamageNothing() throws Exception {
    Path dies = folder.resolve("dies");
    Path ends = folder.resolve("ends");
    Process killed = adder(dies, 1000, true);
    Process other = adder(ends, 6, false);
    try {
      while (killed.isAlive() && batches(dies) < 2) {
        Thread.sleep(50);
      }
      Thread.sleep(ThreadLocalRandom.current().nextInt(1500));
      assertThat(killed.isAlive()).as("runs still").isTrue();
      killed.destroyForcibly().waitFor();
      assertThat(other.waitFor()).isZero();
    } finally {
      killed.destroyForcibly();
      other.destroyForcibly();
    }
    List<String> texts = CacheAdder.texts("ends", 6);
    texts.addAll(CacheAdder.texts("dies", batches(dies)));
    assertKnows(texts);
    Map<String, String> settings = Map.of("cache", directory().toString(), "older-than", "1d");
    new PruneCache(PruneSettings.of(settings)).run(spark, Progress.NONE);
    assertKnows(texts);
    cache().add(encoded(TEXTS));
    assertKnows(TEXTS);
  }

  /** A key that is there twice is harmless. */
  private void assertKnows(List<String> texts) {
    Dataset<Row> once = cache().known().orElseThrow().rows().dropDuplicates(VectorRows.KEY);
    TinyVectors.assertNear(
        TinyVectors.once(spark, model, texts, once),
        TinyVectors.once(spark, model, texts, encoded(texts)));
  }

  private static int batches(Path log) throws IOException {
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  private Process adder(Path log, int batches, boolean prunes) throws IOException {
    return ChildJvm.of(
            List.of(
                "-Xmx1g",
                CacheAdder.class.getName(),
                directory().toString(),
                log.toString(),
                Integer.toString(batches),
                Boolean.toString(prunes)))
        .redirectOutput(folder.resolve(log.getFileName() + ".out").toFile())
        .start();
  }

  @Test
  void aDamagedFileIsRefusedByName() throws IOException {
    cache().add(encoded(TEXTS));
    Path file = anyFile();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 9));
    Files.deleteIfExists(checksum(file));
    assertThatThrownBy(() -> cache().known())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read Parquet file ")
        .hasMessageContaining(file.getFileName().toString());
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> cache().known()).hasMessageEndingWith("it is empty");
    Files.write(file, whole);
    long end = endOfVectors(file);
    try (RandomAccessFile bits = new RandomAccessFile(file.toFile(), "rw")) {
      bits.seek(end - 9);
      int old = bits.read();
      bits.seek(end - 9);
      bits.write(old ^ 1);
    }
    assertThatThrownBy(() -> known(TEXTS))
        .satisfies(
            e -> assertThat(SparkErrors.oneLine(e)).contains("CRC checksum verification failed"));
  }

  private static long endOfVectors(Path file) throws IOException {
    HadoopInputFile input =
        HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration());
    try (ParquetFileReader reader = ParquetFileReader.open(input)) {
      ColumnChunkMetaData vectors =
          reader.getFooter().getBlocks().get(0).getColumns().stream()
              .filter(column -> column.getPath().toDotString().startsWith("embedding."))
              .findFirst()
              .orElseThrow();
      return vectors.getStartingPos() + vectors.getTotalSize();
    }
  }

  private Path anyFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory())) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".parquet"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static Path checksum(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".crc");
  }

  @Test
  void foreignFilesAreRefusedByName() {
    cache().add(encoded(TEXTS.subList(0, 2)));
    Path partition = directory().resolve("fingerprint=" + model.fingerprint());
    encoded(TEXTS.subList(2, 3)).write().parquet(partition.resolve("bucket=99").toString());
    assertThatThrownBy(() -> cache().known())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket=99")
        .hasMessageContaining(
            "is no file of it, it must have columns [key, embedding, embedding_status, embedding_tokens, added, made], found [key, embedding,");
  }

  @Test
  void vectorsOfOtherModelsInAPartitionAreRefused() throws IOException {
    RunModel shorter = TinyVectors.model(spark, TinyBert.directory(), 16);
    cache(shorter).add(TinyVectors.encoded(spark, shorter, TEXTS.subList(0, 2)));
    Files.move(
        directory().resolve("fingerprint=" + shorter.fingerprint()),
        directory().resolve("fingerprint=" + model.fingerprint()));
    assertThatThrownBy(() -> cache().known())
        .hasMessageContaining(
            "its vectors must be of this fingerprint, found " + shorter.fingerprint());
  }

  @Test
  void vectorsOfAnotherDimensionAreRefused() {
    Dataset<Row> halves =
        encoded(TEXTS).withColumn("embedding", functions.expr("slice(embedding, 1, 16)"));
    assertThatThrownBy(() -> cache().add(halves))
        .satisfies(
            e ->
                assertThat(SparkErrors.oneLine(e))
                    .contains("Cannot cache vectors: a vector must have 32 dimensions, found 16"));
    assertThat(cache().known()).isEmpty();
  }

  @Test
  void whatIsNoCacheIsRefused() throws IOException {
    Files.createDirectories(directory());
    Files.writeString(directory().resolve("notes.txt"), "x");
    assertThatThrownBy(this::cache)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "it is a directory without _vector_cache.json, found notes.txt; choose another");
    Files.delete(directory().resolve("notes.txt"));
    cache().add(encoded(TEXTS.subList(0, 1)));
    Path mark = directory().resolve(CacheFiles.MARK);
    Files.writeString(mark, "{\"format_version\": 2, \"buckets\": 16}");
    Files.deleteIfExists(checksum(mark));
    assertThatThrownBy(this::cache)
        .hasMessageContaining("its layout must have version 1 and 16 buckets, found version 2");
    Files.writeString(mark, "{");
    assertThatThrownBy(this::cache).hasMessageContaining("its _vector_cache.json cannot be read");
  }
}
