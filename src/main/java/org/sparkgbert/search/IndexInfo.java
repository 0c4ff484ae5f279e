package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sparkgbert.action.Amount;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.vector.Similarity;

/**
 * What an index says of itself. It stands in the manifest, among what made two of its columns: what
 * stays as it was built with the column of codes, and its state with the column of cells.
 *
 * @param similarity what rows were assigned by, and are searched by
 * @param idColumn column with the id
 * @param embeddingColumn column with the embedding
 * @param dimension elements of an embedding
 * @param probe cells that a question asks unless the search says otherwise
 * @param heldOut questions that recall was measured with: rows that centroids were not trained on
 * @param recalls recall at 10 by number of cells asked, the loss by codes included, when it was
 *     built; none if no question was held out
 * @param built its rows and cells when it was built
 * @param now its rows and cells since it was last updated
 */
public record IndexInfo(
    Similarity similarity,
    String idColumn,
    String embeddingColumn,
    int dimension,
    int probe,
    int heldOut,
    List<ProbeRecall> recalls,
    IndexState built,
    IndexState now) {
  /** What {@link DerivedProvenance} names the column of codes. */
  static final String MEASURE = "int8_residual";

  /** What {@link DerivedProvenance} names the column of cells. */
  static final String CELL_MEASURE = "nearest_centroid";

  /** Of recall, in which a few hundred questions tell no smaller difference reliably. */
  static final double MOST_LOSS = 0.03;

  /** Of imbalance, as a factor. */
  static final double MOST_GROWTH = 1.5;

  public IndexInfo {
    recalls = List.copyOf(recalls);
  }

  /** What an index says that was just built. */
  static IndexInfo built(
      Similarity similarity,
      String idColumn,
      String embeddingColumn,
      int dimension,
      int probe,
      int heldOut,
      List<ProbeRecall> recalls,
      IndexState built) {
    return new IndexInfo(
        similarity, idColumn, embeddingColumn, dimension, probe, heldOut, recalls, built, built);
  }

  /** The same in another state. */
  IndexInfo in(IndexState state) {
    return new IndexInfo(
        similarity, idColumn, embeddingColumn, dimension, probe, heldOut, recalls, built, state);
  }

  /** Rows of the index. */
  public long rows() {
    return now.rows();
  }

  /** Those of them that lie in cells; the others have no embedding to compare. */
  public long compared() {
    return now.compared();
  }

  /** Cells with rows. */
  public int cells() {
    return now.cells();
  }

  /**
   * Why the index should be built again: its cells fit its rows less than they once did. Recall may
   * fall by {@value #MOST_LOSS} and imbalance grow by half before they do.
   *
   * @return one clause for each reason; empty if there is none
   */
  public Optional<String> drift() {
    List<String> reasons = new ArrayList<>();
    double lost = built.recall().orElse(0.0) - now.recall().orElse(built.recall().orElse(0.0));
    if (lost > MOST_LOSS) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "recall at 10 is %.3f with %s asked, %.3f when it was built",
              now.recall().orElseThrow(),
              Amount.of(probe, "cell"),
              built.recall().orElseThrow()));
    }
    double most = Math.max(CellBalance.MOST_OF_MEAN, MOST_GROWTH * built.imbalance());
    if (now.imbalance() > most) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "the largest cell has %.1f times the mean, %.1f when it was built",
              now.imbalance(),
              built.imbalance()));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
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
    put(built, settings);
    settings.put("probe", Integer.toString(probe));
    settings.put("held_out", Integer.toString(heldOut));
    settings.put("recalls", recalls.stream().map(IndexInfo::text).collect(Collectors.joining(" ")));
    return new DerivedProvenance(MEASURE, embeddings.stream().toList(), settings);
  }

  /** As what made the column of cells: the state of the index, and whether it has drifted. */
  DerivedProvenance state(Optional<EmbeddingProvenance> embeddings) {
    Map<String, String> settings = new LinkedHashMap<>();
    put(now, settings);
    settings.put(
        "recall",
        now.recall().map(recall -> String.format(Locale.ROOT, "%.4f", recall)).orElse(""));
    settings.put("drift", drift().orElse(""));
    return new DerivedProvenance(CELL_MEASURE, embeddings.stream().toList(), settings);
  }

  private static void put(IndexState state, Map<String, String> settings) {
    settings.put("rows", Long.toString(state.rows()));
    settings.put("compared", Long.toString(state.compared()));
    settings.put("cells", Integer.toString(state.cells()));
    settings.put("largest", Long.toString(state.largest()));
  }

  private static String text(ProbeRecall recall) {
    return String.format(
        Locale.ROOT, "%d:%.4f:%.4f", recall.probe(), recall.recall(), recall.rows());
  }

  /**
   * Reads it back.
   *
   * @param derived what made columns, by column
   * @param where the index, for messages
   * @return empty if there is no column of codes
   * @throws IllegalArgumentException if a column was made by something else, or what is said of it
   *     was changed
   */
  public static Optional<IndexInfo> of(Map<String, DerivedProvenance> derived, String where) {
    Optional<DerivedProvenance> code = Optional.ofNullable(derived.get(IndexColumns.CODE));
    Optional<DerivedProvenance> cell = Optional.ofNullable(derived.get(IndexColumns.CELL));
    code.ifPresent(made -> requireMeasure(IndexColumns.CODE, MEASURE, made, where));
    cell.ifPresent(made -> requireMeasure(IndexColumns.CELL, CELL_MEASURE, made, where));
    try {
      return code.map(made -> of(made.settings(), cell.map(DerivedProvenance::settings)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot read index %s: what it says of itself is damaged, %s; build it again with jobs/index.sh"
              .formatted(where, e.getMessage()),
          e);
    }
  }

  private static void requireMeasure(
      String column, String measure, DerivedProvenance made, String where) {
    if (!made.measure().equals(measure)) {
      throw new IllegalArgumentException(
          "Cannot read index %s: its column '%s' holds %s, expected %s; build it again with jobs/index.sh"
              .formatted(where, column, made.measure(), measure));
    }
  }

  private static IndexInfo of(Map<String, String> code, Optional<Map<String, String>> cell) {
    Similarity similarity =
        Arrays.stream(Similarity.values())
            .filter(each -> each.label().equals(code.get("similarity")))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("similarity"));
    int probe = Integer.parseInt(given(code, "probe"));
    List<ProbeRecall> recalls = recalls(given(code, "recalls"));
    IndexState built =
        state(
            code,
            recalls.stream()
                .filter(each -> each.probe() == probe)
                .findFirst()
                .map(ProbeRecall::recall));
    IndexState now =
        cell.map(
                state ->
                    state(
                        state,
                        Optional.of(given(state, "recall"))
                            .filter(recall -> !recall.isEmpty())
                            .map(Double::valueOf)))
            .orElse(built);
    return new IndexInfo(
        similarity,
        given(code, "id_column"),
        given(code, "embedding_column"),
        Integer.parseInt(given(code, "dimension")),
        probe,
        Integer.parseInt(given(code, "held_out")),
        recalls,
        built,
        now);
  }

  private static IndexState state(Map<String, String> settings, Optional<Double> recall) {
    return new IndexState(
        Long.parseLong(given(settings, "rows")),
        Long.parseLong(given(settings, "compared")),
        Integer.parseInt(given(settings, "cells")),
        Long.parseLong(given(settings, "largest")),
        recall);
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
