package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.UnicodeForm;

/**
 * The keys of texts that are in use.
 *
 * <p>A text has another key under another prompt or with another way of cleaning, so its keys are
 * found for every fingerprint of a cache.
 *
 * @param tables tables that spark-gbert wrote
 */
record KeptTexts(List<String> tables) {
  private static final String WHAT = "prune the cache";

  /**
   * Finds them.
   *
   * @param made the fingerprints whose keys are wanted
   * @return columns {@code fingerprint} and {@code key}, no row twice
   * @throws IllegalArgumentException if a table is missing or damaged, or does not tell the keys
   */
  Dataset<Row> keys(SparkSession spark, Collection<EmbeddingProvenance> made) {
    Map<TextKeys, List<String>> fingerprints = new LinkedHashMap<>();
    for (EmbeddingProvenance one : made) {
      fingerprints.computeIfAbsent(rules(one), rules -> new ArrayList<>()).add(one.fingerprint());
    }
    Dataset<Row> all = null;
    for (String name : tables) {
      Dataset<Row> table = EmbeddingTable.find(name, spark).checkedRows(WHAT, spark);
      for (Map.Entry<TextKeys, List<String>> rules : fingerprints.entrySet()) {
        Dataset<Row> keys = keys(name, table, rules.getKey());
        for (String fingerprint : rules.getValue()) {
          Dataset<Row> of =
              keys.withColumn(CachedVectors.FINGERPRINT, lit(fingerprint))
                  .select(CachedVectors.FINGERPRINT, VectorRows.KEY);
          all = all == null ? of : all.union(of);
        }
      }
    }
    return all.distinct();
  }

  private static TextKeys rules(EmbeddingProvenance made) {
    UnicodeForm form =
        Labels.parse(UnicodeForm.class, made.normalizeUnicode())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot prune the cache: its vectors of %s were made with normalize_unicode %s, which this version does not know"
                            .formatted(made.model(), made.normalizeUnicode())));
    return new TextKeys(new TextCleaner(form, made.maxCharacters()), made.prompt());
  }

  private static Dataset<Row> keys(String name, Dataset<Row> table, TextKeys rules) {
    Set<String> texts = new LinkedHashSet<>();
    Set<String> keyed = new LinkedHashSet<>();
    for (StructField field : table.schema().fields()) {
      Optional<EmbeddingProvenance> made = EmbeddingProvenance.of(field);
      if (made.isPresent()) {
        String key = new EnrichedColumns(new EmbeddingColumns(field.name())).key();
        if (ColumnNames.has(table.schema(), made.get().textColumn(), "string")) {
          texts.add(made.get().textColumn());
        } else if (ColumnNames.has(table.schema(), key, "binary")
            && rules(made.get()).equals(rules)) {
          keyed.add(key);
        } else {
          throw new IllegalArgumentException(
              "Cannot prune the cache: table %s has no text column '%s', so it does not tell the keys of its texts under the prompt '%s', normalize_unicode %s and max_characters %d; keep only models of its own settings, or leave it out"
                  .formatted(
                      name,
                      made.get().textColumn(),
                      rules.prompt(),
                      Labels.of(rules.cleaner().form()),
                      rules.cleaner().maxCharacters()));
        }
      }
    }
    if (texts.isEmpty() && keyed.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot prune the cache: table %s has no column with embeddings of spark-gbert, found %s"
              .formatted(name, String.join(", ", table.schema().fieldNames())));
    }
    Dataset<Row> all = null;
    for (String text : texts) {
      Dataset<Row> keys = table.select(rules.of(ColumnNames.column(text)).as(VectorRows.KEY));
      all = all == null ? keys : all.union(keys);
    }
    for (String key : keyed) {
      Dataset<Row> keys = table.select(ColumnNames.column(key).as(VectorRows.KEY));
      all = all == null ? keys : all.union(keys);
    }
    return all.where(VectorRows.KEY + " IS NOT NULL");
  }
}
