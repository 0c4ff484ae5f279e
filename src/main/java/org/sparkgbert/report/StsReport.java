package org.sparkgbert.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.sts.EvaluatedPairs;
import org.sparkgbert.sts.Evaluation;
import org.sparkgbert.sts.EvaluationDetail;
import org.sparkgbert.sts.PublishedScore;
import org.sparkgbert.sts.ScoredPairs;

/**
 * A page that shows how well a model's scores agree with gold scores. Immutable if its lists are.
 *
 * @param title name of the data set, as text
 * @param path where it is, as text
 * @param dateTime when the evaluation ran: UTC in ISO 8601
 * @param provenance what made the embeddings; null if unknown
 * @param evaluation the figures
 * @param detail what is behind them
 * @param published figures of known models for the same data set, in any order; empty if there are
 *     none
 */
public record StsReport(
    String title,
    String path,
    String dateTime,
    EmbeddingProvenance provenance,
    Evaluation evaluation,
    EvaluationDetail detail,
    List<PublishedScore> published) {

  /** Checks that everything is present. */
  public StsReport {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(dateTime, "dateTime");
    Objects.requireNonNull(evaluation, "evaluation");
    Objects.requireNonNull(detail, "detail");
    Objects.requireNonNull(published, "published");
  }

  /** The page for the results of an evaluation. */
  public static StsReport of(EvaluatedPairs found) {
    Optional<ScoredPairs> scored = found.settings().scored();
    List<String> paths =
        scored
            .map(pairs -> pairs.run().input().paths())
            .orElse(List.of(found.settings().table().path()));
    return new StsReport(
        TableName.of(paths),
        String.join(", ", paths),
        found.finished(),
        scored.flatMap(ScoredPairs::embeddings).orElse(null),
        found.evaluation(),
        found.detail(),
        found.isStsbTest() ? found.settings().published() : List.of());
  }

  /**
   * The page: HTML5, to be written as UTF-8. It loads nothing, and texts of the corpus appear in it
   * as text only.
   */
  public String html() {
    StsTables tables = new StsTables(this);
    return Page.html(
        "sts",
        List.of("sts.js"),
        title + " – semantic textual similarity",
        Map.of(
            "title", Html.escape(title),
            "path", Html.path(title, path),
            "date_time", Html.dateTime(dateTime),
            "model", Html.escape(ProvenanceTable.model(provenance)),
            "figures", Html.figures(tables.figures()),
            "similarities", tables.similarities(),
            "published", tables.published(),
            "provenance", ProvenanceTable.html(provenance)),
        new Data(StsTables.name(detail.similarity()), detail.similarity().isDistance(), detail));
  }

  /** What the page's script reads. */
  private record Data(String similarity, boolean negated, EvaluationDetail detail) {}
}
