package org.sparkgbert.enrich;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;

/**
 * Adds texts to a cache in a JVM of its own, batch by batch, and notes each batch that is in; joins
 * the files after each if it is asked to.
 */
final class CacheAdder {
  private static final int BATCH = 20;

  private CacheAdder() {}

  /**
   * Runs it.
   *
   * @param args the cache, the file to note batches in, how many batches, and whether to prune
   */
  public static void main(String[] args) throws Exception {
    SparkSession spark = TestSpark.session();
    RunModel model = TinyVectors.model(spark);
    Path log = Path.of(args[1]);
    for (int batch = 0; batch < Integer.parseInt(args[2]); batch++) {
      List<String> texts = batch(log.getFileName().toString(), batch);
      VectorCache.open(spark, new CachePlace(args[0], CacheFormat.PARQUET), model.provenance())
          .add(TinyVectors.encoded(spark, model, texts));
      Files.writeString(log, batch + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (Boolean.parseBoolean(args[3])) {
        Map<String, String> settings =
            Map.of("cache", args[0], "older-than", "1d", "keep-old", "none");
        new PruneCache(PruneSettings.of(settings)).run(spark, Progress.NONE);
      }
    }
    System.exit(0);
  }

  private static List<String> batch(String name, int batch) {
    return TinyVectors.texts(batch * BATCH, batch * BATCH + BATCH).stream()
        .map(text -> name + ": " + text)
        .toList();
  }

  /** The texts of the first batches. */
  static List<String> texts(String name, int batches) {
    List<String> texts = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      texts.addAll(batch(name, batch));
    }
    return texts;
  }
}
