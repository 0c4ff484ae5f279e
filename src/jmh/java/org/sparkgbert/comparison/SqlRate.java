package org.sparkgbert.comparison;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedSettings;

/**
 * Encodes the same texts by the embed job and by {@code SELECT embed_text(text)}, in turns, in one
 * session, with the default model, and prints the rate of SQL over that of the job. Both write
 * Parquet.
 */
public final class SqlRate {
  private SqlRate() {}

  /**
   * Runs it.
   *
   * @param args a Parquet table with the columns {@code id} and {@code text}; how many of its rows;
   *     the number of rounds, after a first one that does not count; a directory for what is
   *     written
   */
  public static void main(String[] args) throws IOException {
    String rows = args[3] + "/rows";
    try (SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate()) {
      int cores = spark.sparkContext().defaultParallelism();
      Dataset<Row> table = spark.read().parquet(args[0]);
      table
          .orderBy("id")
          .limit(Integer.parseInt(args[1]))
          .repartition(cores)
          .write()
          .mode("overwrite")
          .parquet(rows);
      System.out.printf("%s rows, %d cores%n", args[1], cores);
      for (int round = 0; round <= Integer.parseInt(args[2]); round++) {
        double job = seconds(() -> embed(spark, rows, args[3] + "/job"));
        double sql = seconds(() -> select(spark, rows, args[3] + "/sql"));
        System.out.printf(
            Locale.ROOT,
            "%s job %.1f s, SQL %.1f s, rate of SQL over the job's %.3f%n",
            round == 0 ? "first round: " : "round " + round + ":     ",
            job,
            sql,
            job / sql);
      }
    }
  }

  private static void embed(SparkSession spark, String rows, String output) {
    new EmbedCorpus(
            EmbedSettings.of(
                Map.of(
                    "input", rows, "output", output, "mode", "overwrite", "text-column", "text")))
        .run(spark, Progress.NONE);
  }

  private static void select(SparkSession spark, String rows, String output) {
    spark.read().parquet(rows).createOrReplaceTempView("texts");
    spark
        .sql("SELECT id, text, embed_text(text) AS embedding FROM texts")
        .write()
        .mode("overwrite")
        .parquet(output);
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
