package org.sparkgbert.job;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Amount;
import org.sparkgbert.corpus.SampleTables;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;

/**
 * Shows the whole path: embeds the sample corpus, scores the sample pairs, finds clusters, answers
 * a question.
 */
final class QuickstartJob implements Job {
  /** What is asked of the sample corpus. */
  private static final String QUESTION = "Wie wird das Wetter morgen?";

  private static final Setting<Path> DIR =
      Setting.requiredPath("dir").label("DIR").meaning("Where to write.");

  @Override
  public String name() {
    return "quickstart";
  }

  @Override
  public String description() {
    return "Embed the sample corpus with the default model, score the sample pairs, find clusters,"
        + " answer a question.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(SettingGroup.of("Output", DIR));
  }

  @Override
  public String example() {
    return "--dir target/quickstart";
  }

  @Override
  public int run(Invocation invocation) {
    try (JobSession session =
        JobSession.open("spark-gbert quickstart", ModelReference.DEFAULT, invocation.console())) {
      return new Tour(session.spark(), invocation.settings().get(DIR), invocation.console()).run();
    }
  }

  /**
   * The steps, each of which prints what it did.
   *
   * @param directory where they write
   */
  private record Tour(SparkSession spark, Path directory, Console console) {
    private static final int ROWS_SHOWN = 8;

    private int run() {
      String corpus = path("corpus");
      String table = path("corpus_embedded");
      int rows = SampleTables.writeTexts(spark, corpus);
      console.print("Sample corpus: %s in %s".formatted(Amount.of(rows, "German text"), corpus));
      int code =
          job("embed", "--input", corpus, "--output", table, "--mode", "overwrite", "--files", "1");
      if (code != Main.SUCCEEDED) {
        return code;
      }
      console.print("");
      show(spark.read().parquet(table));
      console.print("");
      code = score();
      if (code != Main.SUCCEEDED) {
        return code;
      }
      console.print("");
      code = cluster(table);
      if (code != Main.SUCCEEDED) {
        return code;
      }
      console.print("");
      code = search(table);
      if (code == Main.SUCCEEDED) {
        console.print("");
        console.print("Embeddings " + table);
        console.print("Scores     " + path("pairs_scored"));
        console.print("Clusters   " + path("clusters"));
        console.print("Open " + path("clusters/report.html"));
      }
      return code;
    }

    private int search(String table) {
      console.print("One question to the sample corpus:");
      return job("search", "--input", table, "--query", QUESTION, "--top-k", "3");
    }

    private int cluster(String table) {
      console.print("Clusters of the sample corpus, compared with its 12 topics:");
      return job(
          "cluster",
          "--input",
          table,
          "--output",
          path("clusters"),
          "--mode",
          "overwrite",
          "--k",
          "12",
          "--pca",
          "24",
          "--label-column",
          "topic");
    }

    private int score() {
      String pairs = path("pairs");
      int rows = SampleTables.writePairs(spark, pairs);
      console.print("Sample pairs: %d with their similarity in %s".formatted(rows, pairs));
      return job(
          "sts",
          "--input",
          pairs,
          "--gold-column",
          "similarity",
          "--output",
          path("pairs_scored"),
          "--mode",
          "overwrite",
          "--files",
          "1");
    }

    private int job(String... arguments) {
      return Main.run(arguments, console);
    }

    private String path(String name) {
      return directory.resolve(name).toString();
    }

    private void show(Dataset<Row> table) {
      List<String> first =
          table
              .orderBy("id")
              .limit(ROWS_SHOWN)
              .select(
                  functions.format_string(
                      "%4d  %-10s  %-9s  %3d tokens  %-44s  %s",
                      functions.col("id"),
                      functions.col("topic"),
                      functions.col("embedding_status"),
                      functions.col("embedding_tokens"),
                      functions.expr(
                          "coalesce(concat('[', array_join(transform(slice(embedding, 1, 4),"
                              + " x -> format_number(x, 3)), ', '), ', …]'), 'null')"),
                      functions.expr("substring(coalesce(text, 'null'), 1, 60)")))
              .as(Encoders.STRING())
              .collectAsList();
      first.forEach(row -> console.print(row.replaceAll("\\s*\\R\\s*", " ")));
    }
  }
}
