package org.sparkgbert.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log1p;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.TextCleaner;

/**
 * Labels of clusters: the German words that distinguish a cluster from the others, by class-based
 * TF-IDF.
 *
 * <p>The weight of a term in a cluster is its share of the cluster's words times log(1 + A / f),
 * where A is the mean number of words per cluster and f the term's count in all clusters. Weights
 * are positive and can be compared between clusters of any size. Source: Grootendorst, BERTopic:
 * Neural topic modeling with a class-based TF-IDF procedure, 2022.
 *
 * <p>Inflections count as one term, by their stem, shown in the spelling that is most frequent in
 * the cluster; of equally frequent ones, capitalized ones are preferred, since nouns name topics,
 * then the shortest. Capitals at the start of a sentence count only if there is no other spelling.
 * Composed and decomposed umlauts are equal, ß and ss are not. The first 65,536 UTF-16 units of a
 * text are read.
 *
 * <p>Of many texts, Spark counts, weights and ranks, and the driver gets only the best terms; of
 * few, {@link WordsOfFew} does the same in the driver.
 *
 * @param textColumn the texts
 * @param clusterColumn their clusters, {@code int}
 * @param terms maximum number of terms per cluster, at least 1
 * @param minTexts terms found in fewer texts of a cluster rank below all its others, whatever their
 *     weight; 1 to rank by weight alone
 */
record ClassTfIdf(String textColumn, String clusterColumn, int terms, int minTexts) {
  /** Words of texts with more characters in total are counted by Spark. */
  static final long FEW_CHARACTERS = 2_097_152;

  /**
   * @throws IllegalArgumentException if {@code terms} or {@code minTexts} is below 1
   */
  public ClassTfIdf {
    Objects.requireNonNull(textColumn, "textColumn");
    Objects.requireNonNull(clusterColumn, "clusterColumn");
    requirePositive("terms", terms);
    requirePositive("minTexts", minTexts);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Cannot label clusters: %s must be positive, found %d".formatted(name, value));
    }
  }

  /**
   * A term of a cluster.
   *
   * @param cluster the cluster
   * @param rank from 1 without gaps
   * @param term its usual spelling
   * @param weight its weight
   */
  record Label(int cluster, int rank, String term, double weight) {}

  /**
   * The best terms of each cluster that has any, best first, by cluster. Equal weights are ranked
   * by term. Rows without text or cluster are left out. The texts are read once.
   *
   * @param characters number of characters of all texts
   * @throws IllegalArgumentException if a column is missing or has the wrong type
   */
  SortedMap<Integer, List<String>> byCluster(Dataset<Row> rows, long characters) {
    SortedMap<Integer, List<String>> found = new TreeMap<>();
    for (Label label : characters <= FEW_CHARACTERS ? bestOfFew(rows) : best(rows)) {
      found.computeIfAbsent(label.cluster, cluster -> new ArrayList<>()).add(label.term);
    }
    return found;
  }

  /** The best terms, by cluster and rank; the driver gets all words. */
  List<Label> bestOfFew(Dataset<Row> rows) {
    return new WordsOfFew(texts(rows).toJavaRDD().mapPartitions(counting()).collect())
        .best(terms, minTexts);
  }

  /**
   * The same; the driver gets only the best terms. Terms are cached, so that the texts, and
   * whatever made their clusters, are not read a second time.
   */
  List<Label> best(Dataset<Row> rows) {
    Dataset<Row> words = texts(rows).mapPartitions(counting(), Encoders.row(CountWords.SCHEMA));
    Dataset<Row> counted = terms(words).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Row all = counted.agg(sum("count"), count_distinct(col("cluster"))).head();
      return all.getLong(1) == 0
          ? List.of()
          : ranked(weighted(counted, (double) all.getLong(0) / all.getLong(1)))
              .collectAsList()
              .stream()
              .map(
                  row ->
                      new Label(row.getInt(0), row.getInt(1), row.getString(2), row.getDouble(3)))
              .sorted(Comparator.comparingInt(Label::cluster).thenComparingInt(Label::rank))
              .toList();
    } finally {
      counted.unpersist();
    }
  }

  /**
   * @param average mean number of words per cluster
   */
  private static Dataset<Row> weighted(Dataset<Row> counted, double average) {
    Column words = sum("count").over(Window.partitionBy("cluster"));
    return counted.withColumn(
        "weight",
        col("count").divide(words).multiply(log1p(lit(average).divide(col("everywhere")))));
  }

  private Dataset<Row> ranked(Dataset<Row> weighted) {
    WindowSpec best =
        Window.partitionBy("cluster")
            .orderBy(col("texts").geq(minTexts).desc(), col("weight").desc(), col("term").asc());
    return weighted
        .withColumn("rank", row_number().over(best))
        .where(col("rank").leq(terms))
        .select("cluster", "rank", "term", "weight");
  }

  private Dataset<Row> texts(Dataset<Row> rows) {
    requireType(rows, textColumn, DataTypes.StringType);
    requireType(rows, clusterColumn, DataTypes.IntegerType);
    Column cluster = ColumnNames.column(clusterColumn);
    Column text = ColumnNames.column(textColumn);
    return rows.where(cluster.isNotNull().and(text.isNotNull())).select(cluster, text);
  }

  private static CountWords counting() {
    return new CountWords(TextCleaner.of(Settings.NONE));
  }

  /**
   * One row per stem of a cluster, with its usual spelling and its count in all clusters. What is
   * divided by stem is divided by stem and cluster too, so that one shuffle does for both.
   */
  private static Dataset<Row> terms(Dataset<Row> words) {
    Column usual =
        struct(
            negate(col("usual")).as("usual"),
            negate(col("count")).as("count"),
            col("lower"),
            length(col("form")).as("length"),
            col("form"));
    return words
        .groupBy("cluster", "stem", "form", "lower")
        .agg(sum("count").as("count"), sum("usual").as("usual"), sum("texts").as("texts"))
        .repartition(col("stem"))
        .groupBy("cluster", "stem")
        .agg(
            sum("count").as("count"),
            sum("texts").as("texts"),
            min(usual).getField("form").as("term"))
        .withColumn("everywhere", sum("count").over(Window.partitionBy("stem")));
  }

  private static void requireType(Dataset<Row> rows, String name, DataType type) {
    ColumnNames.require("label clusters by", List.of(name), rows.schema());
    DataType found = rows.schema().apply(name).dataType();
    if (!found.equals(type)) {
      throw new IllegalArgumentException(
          "Cannot label clusters by column '%s': it must be %s, found %s"
              .formatted(name, type.sql(), found.sql()));
    }
  }
}
