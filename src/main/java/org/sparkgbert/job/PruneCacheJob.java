package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.action.Amount;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.enrich.PruneCache;
import org.sparkgbert.enrich.PruneOptions;
import org.sparkgbert.enrich.PruneSettings;
import org.sparkgbert.enrich.PrunedCache;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.settings.SettingGroup;

/** Removes vectors from a cache, and says which. */
final class PruneCacheJob implements Job {
  private static final int SHOWN_DIGITS = 12;

  @Override
  public String name() {
    return "prune-cache";
  }

  @Override
  public String description() {
    return "Remove vectors that are not needed any more from a cache that tables share, and join its"
        + " small files.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Cache", PruneOptions.ALL),
        new SettingGroup("Run", List.of(JobOptions.CONFIG, JobOptions.VERBOSE)));
  }

  @Override
  public String example() {
    return "--cache vectors --keep articles_embedded --older-than 90d";
  }

  @Override
  public int run(Invocation invocation) {
    PruneSettings settings = PruneSettings.of(invocation.settings());
    String shipped =
        settings.keepModels().contains(ModelReference.DEFAULT) ? ModelReference.DEFAULT : "";
    try (JobSession session =
            JobSession.open("spark-gbert prune-cache", shipped, invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      print(
          settings, new PruneCache(settings).run(session.spark(), progress), invocation.console());
      return Main.SUCCEEDED;
    }
  }

  private static void print(PruneSettings settings, PrunedCache pruned, Console console) {
    console.line("Cache", "%s", settings.cache().table());
    for (PrunedCache.Share share : pruned.vectors()) {
      EmbeddingProvenance made = share.made();
      console.line(
          "Model",
          "%s, fingerprint %s, max_seq_length %d, prompt '%s'",
          made.model(),
          made.fingerprint().substring(0, SHOWN_DIGITS),
          made.maxSeqLength(),
          made.prompt());
      console.line(
          "",
          "%,d of %s %s, %s of %s",
          share.gone(),
          Amount.of(share.rows(), "vector"),
          settings.dryRun() ? "would go" : "went",
          Amount.bytes(share.bytesGone()),
          Amount.bytes(share.bytes()));
    }
    if (pruned.filesBefore() > 0 && !settings.dryRun()) {
      console.line("Files", "%,d, before %,d", pruned.filesAfter(), pruned.filesBefore());
    }
    console.line(
        "Total",
        "%s %s, %,d %s",
        Amount.of(pruned.gone(), "vector"),
        settings.dryRun() ? "would go" : "went",
        pruned.stayed(),
        settings.dryRun() ? "would stay" : "stay");
  }
}
