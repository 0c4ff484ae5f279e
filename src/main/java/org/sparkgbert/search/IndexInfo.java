package org.sparkgbert.search;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.vector.Similarity;

/**
 * What an index says of itself. It stands in the manifest, and in the metadata of the column of
 * codes, among what made that column.
 *
 * @param similarity what rows were assigned by, and are searched by
 * @param idColumn column with the id
 * @param embeddingColumn column with the embedding
 * @param dimension elements of an embedding
 * @param rows rows of the index
 * @param compared those of them that lie in cells; the others have no embedding to compare
 * @param cells cells with rows
 * @param largest rows of the largest cell
 * @param probe cells that a question asks unless the search says otherwise
 * @param heldOut questions that recall was measured with: rows that centroids were not trained on
 * @param recalls recall at 10 by number of cells asked, of exact scores; none if no question was
 *     held out
 */
public record IndexInfo(
    Similarity similarity,
    String idColumn,
    String embeddingColumn,
    int dimension,
    long rows,
    long compared,
    int cells,
    long largest,
    int probe,
    int heldOut,
    List<ProbeRecall> recalls) {
  /** What {@link DerivedProvenance} names the column of codes. */
  static final String MEASURE = "int8_code";

  public IndexInfo {
    recalls = List.copyOf(recalls);
  }

  /** Rows of the largest cell over the mean of all cells; 1 for cells of the same size. */
  public double imbalance() {
    return (double) largest * cells / Math.max(1, compared);
  }

  /** The recall that was measured with so many cells; empty if it was not. */
  public Optional<ProbeRecall> recallAt(int asked) {
    return recalls.stream().filter(each -> each.probe() == asked).findFirst();
  }

  /** As what made the column of codes. */
  DerivedProvenance made(Optional<EmbeddingProvenance> embeddings) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("similarity", Labels.of(similarity));
    settings.put("id_column", idColumn);
    settings.put("embedding_column", embeddingColumn);
    settings.put("dimension", Integer.toString(dimension));
    settings.put("rows", Long.toString(rows));
    settings.put("compared", Long.toString(compared));
    settings.put("cells", Integer.toString(cells));
    settings.put("largest", Long.toString(largest));
    settings.put("probe", Integer.toString(probe));
    settings.put("held_out", Integer.toString(heldOut));
    settings.put("recalls", recalls.stream().map(IndexInfo::text).collect(Collectors.joining(" ")));
    return new DerivedProvenance(MEASURE, embeddings.stream().toList(), settings);
  }

  private static String text(ProbeRecall recall) {
    return String.format(
        Locale.ROOT, "%d:%.4f:%.4f", recall.probe(), recall.recall(), recall.rows());
  }

  /**
   * Reads it back.
   *
   * @param where the index, for messages
   * @throws IllegalArgumentException if the column was made by something else, or was changed
   */
  public static IndexInfo of(DerivedProvenance made, String where) {
    Map<String, String> settings = made.settings();
    if (!made.measure().equals(MEASURE)) {
      throw new IllegalArgumentException(
          "Cannot read index %s: its column '%s' holds %s, expected %s"
              .formatted(where, IndexColumns.CODE, made.measure(), MEASURE));
    }
    try {
      return new IndexInfo(
          Arrays.stream(Similarity.values())
              .filter(each -> each.label().equals(settings.get("similarity")))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("similarity")),
          given(settings, "id_column"),
          given(settings, "embedding_column"),
          Integer.parseInt(given(settings, "dimension")),
          Long.parseLong(given(settings, "rows")),
          Long.parseLong(given(settings, "compared")),
          Integer.parseInt(given(settings, "cells")),
          Long.parseLong(given(settings, "largest")),
          Integer.parseInt(given(settings, "probe")),
          Integer.parseInt(given(settings, "held_out")),
          recalls(given(settings, "recalls")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot read index %s: what it says of itself is damaged, %s; build it again with jobs/index.sh"
              .formatted(where, e.getMessage()),
          e);
    }
  }

  private static String given(Map<String, String> settings, String name) {
    String value = settings.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static List<ProbeRecall> recalls(String text) {
    return Arrays.stream(text.split(" "))
        .filter(each -> !each.isEmpty())
        .map(each -> each.split(":", -1))
        .map(IndexInfo::recall)
        .toList();
  }

  private static ProbeRecall recall(String[] parts) {
    if (parts.length != 3) {
      throw new IllegalArgumentException("recalls has no three numbers");
    }
    return new ProbeRecall(
        Integer.parseInt(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
  }
}
