package org.sparkgbert.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.sparkgbert.search.Answer;
import org.sparkgbert.search.ScoreBand;
import org.sparkgbert.search.SearchFindings;

/**
 * A page that shows what a search found for questions. Immutable.
 *
 * @param findings what was found
 */
public record SearchReport(SearchFindings findings) {
  /** Checks that there is something. */
  public SearchReport {
    Objects.requireNonNull(findings, "findings");
  }

  /** The page for the results of a search. */
  public static SearchReport of(SearchFindings findings) {
    return new SearchReport(findings);
  }

  /**
   * The page: HTML5, to be written as UTF-8. It loads nothing, and texts of corpus and questions
   * appear in it as text only.
   */
  public String html() {
    String title = TableName.of(findings.paths());
    return Page.html(
        "search",
        List.of("search.js"),
        title + " – search",
        Map.of(
            "title", Html.escape(title),
            "path", Html.path(title, String.join(", ", findings.paths())),
            "date_time", Html.dateTime(findings.finished()),
            "model", Html.escape(ProvenanceTable.model(findings.embeddings())),
            "figures", Html.figures(figures()),
            "settings", Html.definitions(settings().entrySet()),
            "provenance", ProvenanceTable.html(findings.embeddings())),
        new Data(
            StsTables.name(findings.similarity()),
            findings.bands(),
            findings.lowScore(),
            findings.questions(),
            findings.poorQuestions(),
            findings.poor(),
            findings.answers()));
  }

  private List<Html.Figure> figures() {
    return List.of(
        new Html.Figure("Questions", Numbers.count(findings.questions()), ""),
        new Html.Figure(
            "Answered",
            Numbers.count(findings.answered()),
            findings.withoutEmbedding() == 0
                ? ""
                : Numbers.count(findings.withoutEmbedding()) + " have no usable embedding"),
        new Html.Figure(
            "Median of the best scores",
            Numbers.correlation(findings.medianScore()),
            StsTables.name(findings.similarity()).toLowerCase(Locale.ROOT)),
        new Html.Figure(
            "Rows searched",
            Numbers.count(findings.corpusRows()),
            findings.index() == null
                ? "exact"
                : "of %s, by an index".formatted(Numbers.count(findings.index().info().rows()))));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("Compared by", StsTables.name(findings.similarity()));
    settings.put("Rows per question", "at most " + Numbers.count(findings.topK()));
    settings.put(
        "Minimum score", findings.minScore() == null ? "none" : findings.minScore().toString());
    settings.put("Condition", findings.where().isEmpty() ? "none" : findings.where());
    if (findings.index() != null) {
      settings.put(
          "Index",
          "%s of %s cells asked by each question%s"
              .formatted(
                  Numbers.count(findings.index().probe()),
                  Numbers.count(findings.index().info().cells()),
                  findings
                      .index()
                      .info()
                      .recallAt(findings.index().probe())
                      .map(recall -> ", recall at 10 " + Numbers.correlation(recall.recall()))
                      .orElse("")));
    }
    return settings;
  }

  /** What the page's script reads. */
  private record Data(
      String similarity,
      List<ScoreBand> bands,
      Double low,
      int questions,
      int poorQuestions,
      List<Answer> poor,
      List<Answer> answers) {}
}
