package org.sparkgbert.search;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.NativeBuffers;
import org.sparkgbert.vector.Similarity;

/**
 * Exact search over what it cannot do without: the matrix products of questions and corpus alone,
 * and a bare scan of the same files. All take turns in one session; prints the seconds of each, by
 * the clock and of CPU time of all threads of the process.
 */
public final class SearchRate {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final int TOP_K = 10;
  private static final int PART = 10_000;

  /** What one of the three took. */
  private record Times(double seconds, double cpuSeconds) {}

  private SearchRate() {}

  /**
   * Runs it.
   *
   * @param args a directory for the corpus, which is kept; its rows; their dimension; the number of
   *     questions; rounds, at least 2, of which the first is left out
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    int rows = Integer.parseInt(args[1]);
    int dimension = Integer.parseInt(args[2]);
    int asked = Integer.parseInt(args[3]);
    int rounds = Integer.parseInt(args[4]);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.sql.parquet.columnarReaderBatchSize", "256")
            .getOrCreate()) {
      String corpus = directory.resolve("%dx%d".formatted(rows, dimension)).toString();
      if (!Files.exists(Path.of(corpus))) {
        write(spark, rows, dimension, corpus);
      }
      compare(spark, corpus, Math.multiplyExact(1L, rows), dimension, asked, rounds);
    }
  }

  private static void write(SparkSession spark, int rows, int dimension, String corpus) {
    List<Integer> parts = IntStream.range(0, (rows + PART - 1) / PART).boxed().toList();
    spark
        .createDataset(parts, Encoders.INT())
        .repartition(parts.size())
        .flatMap(
            (org.apache.spark.api.java.function.FlatMapFunction<Integer, Row>)
                part -> {
                  SplittableRandom random = new SplittableRandom(part);
                  return IntStream.range(part * PART, Math.min(rows, (part + 1) * PART))
                      .mapToObj(id -> RowFactory.create((long) id, vector(random, dimension)))
                      .iterator();
                },
            Encoders.row(SCHEMA))
        .coalesce(Math.max(2, parts.size() / 10))
        .write()
        .option("compression", "zstd")
        .parquet(corpus);
  }

  private static Float[] vector(SplittableRandom random, int dimension) {
    Float[] vector = new Float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
    }
    return vector;
  }

  private static void compare(
      SparkSession spark, String corpus, long rows, int dimension, int asked, int rounds) {
    Dataset<Row> table = spark.read().parquet(corpus);
    DeviceSettings device = DeviceSettings.cpu(1);
    Questions questions =
        Questions.read(table.where("id < " + asked), Similarity.COSINE, blockRows());
    ExactSearchSettings settings =
        new ExactSearchSettings(
            "id", "embedding", Similarity.COSINE, TOP_K, null, blockRows(), List.of(), device);
    Map<String, Runnable> works = new LinkedHashMap<>();
    works.put(
        "search",
        () ->
            new ExactSearch(questions, settings)
                .find(table, RowsRead.registered(spark))
                .write()
                .format("noop")
                .mode("overwrite")
                .save());
    works.put("products", () -> multiply(device, rows, dimension, asked));
    works.put("scan", () -> table.selectExpr("max(embedding[0])").collectAsList());
    Map<String, List<Times>> times = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      boolean counts = round > 0;
      works.forEach(
          (name, work) -> {
            Times took = times(work);
            if (counts) {
              times.computeIfAbsent(name, any -> new ArrayList<>()).add(took);
            }
          });
    }
    times.forEach(SearchRate::print);
  }

  private static int blockRows() {
    return SearchOptions.BLOCK_ROWS.defaultValue().orElseThrow();
  }

  /** All products of questions and rows, in blocks as the search has them, on all cores. */
  private static void multiply(DeviceSettings device, long rows, int dimension, int asked) {
    int cores = Runtime.getRuntime().availableProcessors();
    try (BlockProduct product = BlockProduct.open(device)) {
      List<Thread> threads =
          IntStream.range(0, cores)
              .mapToObj(
                  core ->
                      new Thread(
                          () -> multiply(product, rows / cores, dimension, asked), "products"))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        join(thread);
      }
    }
  }

  private static void multiply(BlockProduct product, long rows, int dimension, int asked) {
    FloatBuffer questions = random(asked, dimension);
    FloatBuffer block = random(blockRows(), dimension);
    FloatBuffer scores = NativeBuffers.floats(asked * blockRows());
    for (long done = 0; done < rows; done += blockRows()) {
      int now = (int) Math.min(blockRows(), rows - done);
      product.multiply(questions, block.slice(0, now * dimension), dimension, scores);
    }
  }

  private static FloatBuffer random(int rows, int dimension) {
    SplittableRandom random = new SplittableRandom(1);
    FloatBuffer buffer = NativeBuffers.floats(rows * dimension);
    while (buffer.hasRemaining()) {
      buffer.put((float) random.nextDouble(-1, 1));
    }
    return buffer.flip();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Times times(Runnable work) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    work.run();
    return new Times((System.nanoTime() - start) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
  }

  private static void print(String name, List<Times> times) {
    System.out.printf(
        Locale.ROOT,
        "%-8s  %s  CPU %s%n",
        name,
        seconds(times.stream().mapToDouble(Times::seconds).sorted().toArray()),
        seconds(times.stream().mapToDouble(Times::cpuSeconds).sorted().toArray()));
  }

  private static String seconds(double[] sorted) {
    return String.format(
        Locale.ROOT,
        "%.2f s (%.2f to %.2f)",
        sorted[sorted.length / 2],
        sorted[0],
        sorted[sorted.length - 1]);
  }
}
