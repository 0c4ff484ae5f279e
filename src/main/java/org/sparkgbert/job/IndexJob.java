package org.sparkgbert.job;

import java.util.List;
import java.util.Locale;
import org.sparkgbert.action.Amount;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.WrittenTable;
import org.sparkgbert.search.BuildIndex;
import org.sparkgbert.search.BuiltIndex;
import org.sparkgbert.search.IndexChanges;
import org.sparkgbert.search.IndexInfo;
import org.sparkgbert.search.IndexOptions;
import org.sparkgbert.search.IndexSettings;
import org.sparkgbert.search.ProbeRecall;
import org.sparkgbert.search.UpdateIndex;
import org.sparkgbert.search.UpdateIndexSettings;
import org.sparkgbert.search.UpdatedIndex;
import org.sparkgbert.settings.SettingGroup;

/** Builds an index of a table of embeddings, or makes one follow it. */
final class IndexJob implements Job {
  @Override
  public String name() {
    return "index";
  }

  @Override
  public String description() {
    return "Index a table of embeddings, so that a search reads a small part of it: write its rows"
        + " divided among cells of rows that are near each other, with codes of their embeddings."
        + " Or, by --update, make an index follow its table.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Corpus", InputOptions.ALL),
        new SettingGroup("Index", IndexOptions.INDEX),
        new SettingGroup("Output", IndexOptions.TABLE),
        new SettingGroup("Device", IndexOptions.DEVICE),
        new SettingGroup("Run", JobOptions.ALL));
  }

  @Override
  public String example() {
    return "--input articles_embedded --output articles_index";
  }

  @Override
  public int run(Invocation invocation) {
    if (invocation.settings().get(IndexOptions.UPDATE)) {
      return update(invocation);
    }
    IndexSettings settings = IndexSettings.of(invocation.settings());
    JobOptions.requireSummary(invocation.settings());
    BuildIndex action = new BuildIndex(settings);
    try (JobSession session = JobSession.open("spark-gbert index", "", invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), action.inputs(), settings.table(), session.spark());
      BuiltIndex built = action.run(session.spark(), progress);
      print(built, invocation.console());
      JobOptions.writeSummary(IndexSummary.of(built), invocation.settings());
    }
    return Main.SUCCEEDED;
  }

  private static int update(Invocation invocation) {
    UpdateIndexSettings settings = UpdateIndexSettings.of(invocation.settings());
    JobOptions.requireSummary(invocation.settings());
    UpdateIndex action = new UpdateIndex(settings);
    try (JobSession session = JobSession.open("spark-gbert index", "", invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), action.inputs(), settings.table(), session.spark());
      UpdatedIndex updated = action.run(session.spark(), progress);
      print(updated, invocation.console());
      JobOptions.writeSummary(UpdatedIndexSummary.of(updated), invocation.settings());
    }
    return Main.SUCCEEDED;
  }

  private static void print(UpdatedIndex updated, Console console) {
    IndexInfo info = updated.info();
    IndexChanges changes = updated.changes();
    console.line(
        "Index",
        "%s%s",
        updated.location(),
        updated.table().map(IndexJob::size).orElse(", not written: nothing changed"));
    console.line(
        "Rows",
        "%,d added, %,d changed, %,d unchanged, %,d removed",
        changes.added(),
        changes.changed(),
        changes.unchanged(),
        changes.removed());
    console.line(
        "Cells",
        "%,d, %,d of them written; the largest has %,d rows, %.1f times the mean (%.1f when built)",
        info.cells(),
        changes.cellsWritten(),
        info.now().largest(),
        info.now().imbalance(),
        info.built().imbalance());
    info.now()
        .recall()
        .ifPresent(
            recall ->
                console.line(
                    "Recall",
                    "at 10 %.3f with %s asked, by held-out questions (%.3f when built)",
                    recall,
                    Amount.of(info.probe(), "cell"),
                    info.built().recall().orElse(1.0)));
    printDrift(info, console);
    console.line("Time", "%s", Amount.time(updated.took()));
    updated.table().ifPresent(table -> printWarning(table, console));
  }

  /** One line if the index should be built again. */
  static void printDrift(IndexInfo info, Console console) {
    info.drift()
        .ifPresent(
            reason ->
                console.line(
                    "Rebuild",
                    "cells have drifted, build the index again (--mode overwrite): %s",
                    reason));
  }

  private static void printWarning(WrittenTable table, Console console) {
    if (!table.warning().isEmpty()) {
      console.line("Warning", "%s", table.warning());
    }
  }

  private static String size(WrittenTable table) {
    return table.files() == 0
        ? ""
        : " (%s, %s)".formatted(Amount.of(table.files(), "file"), Amount.bytes(table.bytes()));
  }

  private static void print(BuiltIndex built, Console console) {
    IndexInfo info = built.info();
    WrittenTable table = built.table();
    console.line("Index", "%s%s", table.location(), size(table));
    console.line(
        "Rows", "%,d, %,d without a usable embedding", info.rows(), info.rows() - info.compared());
    console.line(
        "Cells",
        "%,d, trained on %,d rows; the largest has %,d rows, %.1f times the mean",
        info.cells(),
        built.sampled(),
        info.now().largest(),
        info.now().imbalance());
    for (ProbeRecall recall : info.recalls()) {
      console.line(
          recall.probe() == info.probe() ? "Asked" : "",
          "%12s: %s",
          Amount.of(recall.probe(), "cell"),
          inWords(recall));
    }
    console.line("Recall", "by %,d held-out questions", info.heldOut());
    console.line("Time", "%s", Amount.time(built.took()));
    printWarning(table, console);
  }

  static String inWords(ProbeRecall recall) {
    return String.format(
        Locale.ROOT,
        "recall at 10 %.3f, %.1f %% of the rows",
        recall.recall(),
        100 * recall.rows());
  }
}
