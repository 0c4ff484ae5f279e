package org.sparkgbert.comparison;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Progress;
import org.sparkgbert.search.BuildIndex;
import org.sparkgbert.search.IndexSettings;
import org.sparkgbert.search.SearchCorpus;
import org.sparkgbert.search.SearchSettings;

/**
 * Answers a batch of questions to a table of embeddings by exact search, by an index of cells, and
 * by a graph of JVector (HNSW with the pruning of DiskANN, in memory), and prints recall and CPU
 * time of each. The questions are a thousand rows of the table, and leave the corpus.
 */
public final class GraphComparison {
  private static final int QUESTIONS = 1000;
  private static final int TOP_K = 10;

  /** Neighbours of a node, candidates while the graph is built: JVector's own examples. */
  private static final int DEGREE = 16;

  private static final int BEAM = 100;

  private GraphComparison() {}

  /**
   * Runs it.
   *
   * @param args a table of embeddings with the columns {@code id} and {@code embedding}; a
   *     directory for what is written
   */
  public static void main(String[] args) throws IOException {
    Path scratch = Path.of(args[1]);
    try (SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate()) {
      Dataset<Row> all = spark.read().parquet(args[0]).where("embedding IS NOT NULL");
      Column place =
          functions
              .row_number()
              .over(
                  org.apache.spark.sql.expressions.Window.orderBy(
                      functions.xxhash64(functions.col("id"))));
      Dataset<Row> placed = all.withColumn("place", place).cache();
      String questions = scratch.resolve("questions").toString();
      String corpus = scratch.resolve("corpus").toString();
      write(placed.where("place <= " + QUESTIONS), questions);
      write(placed.where("place > " + QUESTIONS), corpus);
      placed.unpersist();
      compare(spark, corpus, questions, scratch);
    }
  }

  private static void write(Dataset<Row> rows, String directory) {
    rows.drop("place")
        .coalesce(Runtime.getRuntime().availableProcessors())
        .write()
        .mode("overwrite")
        .parquet(directory);
  }

  private static void compare(SparkSession spark, String corpus, String questions, Path scratch)
      throws IOException {
    String answers = scratch.resolve("answers").toString();
    Map<String, String> search =
        Map.of("queries", questions, "output", answers, "top-k", "" + TOP_K, "mode", "overwrite");
    Supplier<List<Set<Long>>> exact = () -> answers(spark, with(search, "input", corpus), answers);
    List<Set<Long>> truth = exact.get();
    report("exact search", () -> recall(truth, exact.get()));
    String index = scratch.resolve("index").toString();
    report(
        "index of cells, built",
        () -> {
          new BuildIndex(
                  IndexSettings.of(Map.of("input", corpus, "output", index, "mode", "overwrite")))
              .run(spark, Progress.NONE);
          return Double.NaN;
        });
    for (int round = 0; round < 2; round++) {
      report(
          "index of cells, searched",
          () -> recall(truth, answers(spark, with(search, "index", index), answers)));
    }
    compareGraph(vectors(spark, corpus), vectors(spark, questions), truth);
  }

  private static Map<String, String> with(Map<String, String> settings, String name, String value) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(name, value);
    return all;
  }

  /** Ids of the answers to each question, by the questions' ids. */
  private static List<Set<Long>> answers(
      SparkSession spark, Map<String, String> settings, String table) {
    new SearchCorpus(SearchSettings.of(settings)).run(spark, Progress.NONE);
    List<Set<Long>> found = new ArrayList<>();
    long last = Long.MIN_VALUE;
    for (Row row :
        spark.read().parquet(table).select("query_id", "id").orderBy("query_id").collectAsList()) {
      if (found.isEmpty() || row.getLong(0) != last) {
        found.add(new HashSet<>());
        last = row.getLong(0);
      }
      found.get(found.size() - 1).add(row.getLong(1));
    }
    return found;
  }

  private record Vectors(long[] ids, List<VectorFloat<?>> values) {}

  private static Vectors vectors(SparkSession spark, String table) {
    List<Row> rows =
        spark.read().parquet(table).select("id", "embedding").orderBy("id").collectAsList();
    var types = VectorizationProvider.getInstance().getVectorTypeSupport();
    List<VectorFloat<?>> values = new ArrayList<>();
    for (Row row : rows) {
      List<Float> elements = row.getList(1);
      VectorFloat<?> vector = types.createFloatVector(elements.size());
      IntStream.range(0, elements.size()).forEach(i -> vector.set(i, elements.get(i)));
      values.add(vector);
    }
    return new Vectors(rows.stream().mapToLong(row -> row.getLong(0)).toArray(), values);
  }

  /** JVector 4.0.2 deprecates every constructor of its builder. */
  @SuppressWarnings("deprecation")
  private static void compareGraph(Vectors corpus, Vectors questions, List<Set<Long>> truth)
      throws IOException {
    ListRandomAccessVectorValues values =
        new ListRandomAccessVectorValues(corpus.values(), corpus.values().get(0).length());
    BuildScoreProvider scores =
        BuildScoreProvider.randomAccessScoreProvider(values, VectorSimilarityFunction.COSINE);
    try (GraphIndexBuilder builder =
        new GraphIndexBuilder(scores, values.dimension(), DEGREE, BEAM, 1.2f, 1.2f, true, true)) {
      ImmutableGraphIndex[] graph = new ImmutableGraphIndex[1];
      report(
          "graph in memory, built",
          () -> {
            graph[0] = builder.build(values);
            return Double.NaN;
          });
      for (int rerank : new int[] {10, 10, 20, 40, 80, 160}) {
        report(
            "graph, %d candidates".formatted(rerank),
            () -> recall(truth, ask(graph[0], values, corpus.ids(), questions, rerank)));
      }
    }
  }

  private static List<Set<Long>> ask(
      ImmutableGraphIndex graph,
      ListRandomAccessVectorValues values,
      long[] ids,
      Vectors questions,
      int rerank) {
    return questions.values().parallelStream()
        .map(
            question -> {
              SearchResult result =
                  GraphSearcher.search(
                      question,
                      TOP_K,
                      rerank,
                      values,
                      VectorSimilarityFunction.COSINE,
                      graph,
                      Bits.ALL);
              Set<Long> found = new HashSet<>();
              for (SearchResult.NodeScore node : result.getNodes()) {
                found.add(ids[node.node]);
              }
              return found;
            })
        .toList();
  }

  /** The share of the true answers that was found. */
  private static double recall(List<Set<Long>> truth, List<Set<Long>> found) {
    return IntStream.range(0, truth.size())
        .mapToDouble(
            i ->
                (double) truth.get(i).stream().filter(found.get(i)::contains).count()
                    / truth.get(i).size())
        .average()
        .orElse(Double.NaN);
  }

  /** Runs a step, and prints its CPU time (all threads), its wall time and its recall. */
  private static void report(String step, Supplier<Double> work) {
    long cpu = cpuNanos();
    long wall = System.nanoTime();
    double recall = work.get();
    System.out.printf(
        Locale.ROOT,
        "%-26s %8.2f s of CPU time, %8.2f s%s%n",
        step,
        (cpuNanos() - cpu) / 1e9,
        (System.nanoTime() - wall) / 1e9,
        Double.isNaN(recall) ? "" : String.format(Locale.ROOT, ", recall %.3f", recall));
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
