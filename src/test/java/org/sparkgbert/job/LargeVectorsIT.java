package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/**
 * All pairs and clusters of as many vectors as people have, on two cores and in bounded memory.
 * Under the Maven profile {@code long}.
 */
@Tag("long")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is read from /proc")
class LargeVectorsIT {
  private static final int DIMENSION = 384;
  private static final int TOPICS = 50;
  private static final int PARTNERS = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(25);
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("text", DataTypes.StringType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  @TempDir private Path scratch;

  @Test
  void allPairsOfAHundredThousand() throws Exception {
    int rows = 100_000;
    String input = vectors(rows);
    String output = scratch.resolve("partners").toString();
    long kilobytes =
        run(
            "jobs/sts.sh",
            "2g",
            "--all-pairs",
            "--input",
            input,
            "--output",
            output,
            "--top-k",
            Integer.toString(PARTNERS));
    assertThat(kilobytes).as("peak resident memory, kB").isLessThan(4 << 20);
    Dataset<Row> partners = TestSpark.session().read().parquet(output);
    assertThat(partners.count()).isEqualTo((long) rows * PARTNERS);
    for (int id : new int[] {0, 1, 4_711, 99_999}) {
      List<Integer> found =
          partners.where("id = " + id).orderBy("rank").select("partner_id").collectAsList().stream()
              .map(row -> row.getInt(0))
              .toList();
      assertThat(found).as("partners of %d", id).isEqualTo(nearest(id, rows));
    }
  }

  @Test
  void fiftyClustersOfTwoHundredThousand() throws Exception {
    int rows = 200_000;
    String input = vectors(rows);
    Path output = scratch.resolve("clusters");
    long kilobytes =
        run(
            "jobs/cluster.sh",
            "2g",
            "--input",
            input,
            "--output",
            output.toString(),
            "--k",
            Integer.toString(TOPICS));
    assertThat(kilobytes).as("peak resident memory, kB").isLessThan(4 << 20);
    Dataset<Row> assigned =
        TestSpark.session().read().parquet(output.resolve("assignments").toString());
    assertThat(assigned.where("cluster IS NOT NULL").count()).isEqualTo(rows);
    assertThat(assigned.select("cluster").distinct().count()).isEqualTo(TOPICS);
    assertThat(assigned.where("id % 100 <> 0").selectExpr("cluster", "id % 50").distinct().count())
        .as("pairs of cluster and topic")
        .isEqualTo(TOPICS);
  }

  /**
   * Runs a job on two cores and tells its peak of resident memory in kB.
   *
   * @param heap heap of the one JVM
   */
  private long run(String launcher, String heap, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--master", "local[2]", "--driver-memory", heap, "--"));
    arguments.addAll(List.of(options));
    Shell shell = Shell.in(scratch).with("SPARK_SUBMIT_OPTS", "-Djava.io.tmpdir=" + scratch);
    long start = System.nanoTime();
    long peak = 0;
    try (RunningCommand run = shell.start(launcher, arguments.toArray(String[]::new))) {
      while (run.isAlive() && System.nanoTime() - start < PATIENCE.toNanos()) {
        peak = Math.max(peak, peakKilobytes(run.pid()));
        TimeUnit.MILLISECONDS.sleep(500);
      }
      String out = run.await().succeeded().out();
      System.out.printf(
          "%s %s: %.0f s, peak resident %,d kB%n%s%n",
          launcher, String.join(" ", options), (System.nanoTime() - start) / 1e9, peak, out);
    }
    return peak;
  }

  private static long peakKilobytes(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readString(status)
        .lines()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** A table of vectors; every hundredth repeats the one before it. */
  private String vectors(int rows) {
    String path = scratch.resolve("vectors").toString();
    List<Integer> ids = IntStream.range(0, rows).boxed().toList();
    JavaRDD<Row> table =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext())
            .parallelize(ids, 8)
            .map((Function<Integer, Row>) LargeVectorsIT::row);
    TestSpark.session().createDataFrame(table, SCHEMA).write().parquet(path);
    return path;
  }

  private static Row row(int id) {
    float[] vector = vector(id);
    List<Float> values = new ArrayList<>(vector.length);
    for (float value : vector) {
      values.add(value);
    }
    return RowFactory.create(
        id, "Text %d zum Thema%d".formatted(id, id % TOPICS), values.toArray(Float[]::new));
  }

  /** A topic's direction, and noise that is as long. */
  private static float[] vector(int id) {
    int same = id % 100 == 0 && id > 0 ? id - 1 : id;
    Random topic = new Random(same % TOPICS);
    Random noise = new Random(1_000L + same);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (topic.nextGaussian() + noise.nextGaussian());
    }
    return vector;
  }

  /** By plain loops in double precision. */
  private static List<Integer> nearest(int id, int rows) {
    float[] own = vector(id);
    double[] scores =
        IntStream.range(0, rows)
            .parallel()
            .mapToDouble(other -> cosine(own, vector(other)))
            .toArray();
    return IntStream.range(0, rows)
        .filter(other -> other != id)
        .boxed()
        .sorted((a, b) -> Double.compare(scores[b], scores[a]))
        .limit(PARTNERS)
        .toList();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(lengthA * lengthB);
  }
}
