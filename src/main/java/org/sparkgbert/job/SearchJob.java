package org.sparkgbert.job;

import java.util.List;
import java.util.Locale;
import org.apache.commons.lang3.StringUtils;
import org.sparkgbert.action.Amount;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.report.RecallReport;
import org.sparkgbert.report.SearchReport;
import org.sparkgbert.search.Answer;
import org.sparkgbert.search.FoundAnswers;
import org.sparkgbert.search.IndexInfo;
import org.sparkgbert.search.MeasureRecall;
import org.sparkgbert.search.QuestionSource;
import org.sparkgbert.search.RecallFindings;
import org.sparkgbert.search.RecallSettings;
import org.sparkgbert.search.SearchCorpus;
import org.sparkgbert.search.SearchFindings;
import org.sparkgbert.search.SearchOptions;
import org.sparkgbert.search.SearchSettings;
import org.sparkgbert.settings.SettingGroup;

/** Searches a corpus for the texts that are nearest to questions. */
final class SearchJob implements Job {
  /** Characters of a text on the terminal. */
  private static final int SHOWN = 100;

  @Override
  public String name() {
    return "search";
  }

  @Override
  public String description() {
    return "Search a table of embeddings for the rows that are nearest to questions: all of it,"
        + " which is exact, or the likely part by an index.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Corpus", SearchOptions.CORPUS),
        new SettingGroup("Questions", SearchOptions.QUESTIONS),
        new SettingGroup("Search", SearchOptions.SEARCH),
        new SettingGroup("Output", SearchOptions.RESULT),
        new SettingGroup("Encoding of questions", SearchOptions.ENCODING),
        new SettingGroup("Run", JobOptions.ALL));
  }

  @Override
  public String example() {
    return "--input articles_embedded --queries questions --query-column text --output answers";
  }

  @Override
  public int run(Invocation invocation) {
    if (invocation.settings().has(SearchOptions.MEASURE_RECALL)) {
      return measureRecall(invocation);
    }
    SearchSettings settings = SearchSettings.of(invocation.settings());
    JobOptions.requireSummary(invocation.settings());
    SearchCorpus action = new SearchCorpus(settings, findings -> SearchReport.of(findings).html());
    String model =
        settings.questions().encodes() ? invocation.settings().get(EmbedderOptions.MODEL) : "";
    try (JobSession session =
            JobSession.open("spark-gbert search", model, invocation.console()).readInManyTasks();
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), action.inputs(), settings.table(), session.spark());
      FoundAnswers found = action.run(session.spark(), progress);
      print(found, settings, invocation.console());
      JobOptions.writeSummary(SearchSummary.of(found), invocation.settings());
    }
    return Main.SUCCEEDED;
  }

  private static int measureRecall(Invocation invocation) {
    RecallSettings settings = RecallSettings.of(invocation.settings());
    if (invocation.settings().has(JobOptions.SUMMARY_JSON)) {
      throw new IllegalArgumentException(
          "Cannot run: %s does not apply with %s"
              .formatted(JobOptions.SUMMARY_JSON.option(), SearchOptions.MEASURE_RECALL.option()));
    }
    MeasureRecall action =
        new MeasureRecall(settings, findings -> RecallReport.of(findings).html());
    try (JobSession session = JobSession.open("spark-gbert search", "", invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      print(action.run(session.spark(), progress), settings, invocation.console());
    }
    return Main.SUCCEEDED;
  }

  private static void print(RecallFindings findings, RecallSettings settings, Console console) {
    console.line(
        "Recall",
        "at 10, by %,d held-out questions; rows and bytes of a question alone (mean of %d)",
        findings.questions(),
        findings.singles());
    for (RecallFindings.Measured measured : findings.recalls()) {
      console.line(
          measured.probe() == findings.info().probe() ? "Asked" : "",
          "%12s: recall %.3f, %5.1f %% of the rows, %5.1f %% of the bytes of exact search (%s)",
          Amount.of(measured.probe(), "cell"),
          measured.recall(),
          100 * measured.rows(),
          100 * measured.bytes() / Math.max(1, findings.exactBytes()),
          Amount.bytes(Math.round(measured.bytes())));
    }
    console.line("Exact", "reads %s", Amount.bytes(findings.exactBytes()));
    settings.report().ifPresent(place -> console.line("Report", "%s/%s", place, SearchCorpus.PAGE));
  }

  private static void print(FoundAnswers found, SearchSettings settings, Console console) {
    SearchFindings findings = found.findings();
    if (settings.questions() instanceof QuestionSource.Typed) {
      findings.answers().forEach(answer -> print(answer, console));
    }
    found.table().ifPresent(table -> print(table, console));
    console.line(
        "Questions",
        "%,d, %,d without an answer",
        findings.questions(),
        findings.questions() - findings.answered());
    console.line(
        "Compared",
        "with %s, %s, in %s",
        rows(findings),
        findings.index() == null ? "exact" : "by an index",
        Amount.time(found.took()));
    if (findings.index() != null) {
      print(findings.index(), findings.where(), console);
    }
    found.report().ifPresent(report -> console.line("Report", "%s", report));
  }

  private static void print(SearchFindings.IndexUsed index, String where, Console console) {
    IndexInfo info = index.info();
    console.line(
        "Index",
        "%,d of %,d cells asked by each question%s",
        index.probe(),
        info.cells(),
        info.recallAt(index.probe())
            .map(IndexJob::inWords)
            .map(words -> ": " + words + (where.isEmpty() ? "" : ", measured without a condition"))
            .orElse(""));
    IndexJob.printDrift(info, console);
  }

  private static String rows(SearchFindings findings) {
    return Amount.of(findings.corpusRows(), "row")
        + (findings.where().isEmpty() ? "" : " where " + findings.where());
  }

  private static void print(Answer answer, Console console) {
    console.print(oneLine(answer.question()));
    if (answer.found().isEmpty()) {
      console.print("      nothing found");
    }
    int width = answer.found().stream().mapToInt(row -> row.id().length()).max().orElse(0);
    for (Answer.Found row : answer.found()) {
      console.print(
          String.format(
                  Locale.ROOT,
                  "%4d  %.4f  %" + width + "s  %s",
                  row.rank(),
                  row.score(),
                  row.id(),
                  row.text() == null ? "" : StringUtils.abbreviate(oneLine(row.text()), "…", SHOWN))
              .stripTrailing());
    }
    console.print("");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static void print(WrittenTable table, Console console) {
    String size =
        table.files() == 0
            ? ""
            : " (%s, %s)".formatted(Amount.of(table.files(), "file"), Amount.bytes(table.bytes()));
    console.line("Table", "%s%s", table.location(), size);
    console.line("Rows", "%,d", table.rows());
    if (!table.warning().isEmpty()) {
      console.line("Warning", "%s", table.warning());
    }
  }
}
