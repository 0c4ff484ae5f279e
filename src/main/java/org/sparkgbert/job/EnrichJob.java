package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedderOptions;
import org.sparkgbert.enrich.CacheOptions;
import org.sparkgbert.enrich.EnrichOptions;
import org.sparkgbert.enrich.EnrichResult;
import org.sparkgbert.enrich.EnrichTable;
import org.sparkgbert.enrich.EnrichTableOptions;
import org.sparkgbert.enrich.EnrichTableSettings;
import org.sparkgbert.enrich.FollowOptions;
import org.sparkgbert.enrich.FollowResult;
import org.sparkgbert.enrich.FollowSettings;
import org.sparkgbert.enrich.FollowSource;
import org.sparkgbert.enrich.MirrorCorpus;
import org.sparkgbert.enrich.MirrorOptions;
import org.sparkgbert.enrich.MirrorSettings;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;
import org.sparkgbert.settings.Settings;

/** Keeps embeddings up to date: in a table that mirrors a corpus, or in a table of others. */
final class EnrichJob implements Job {
  private static final Setting<List<String>> INPUT =
      Setting.paths("input")
          .meaning("Corpus that a table of its own follows: files, directories or globs.");

  private static final Setting<String> OUTPUT =
      Setting.text("output", "")
          .label("TABLE")
          .requires(INPUT)
          .meaning(
              "Table that follows the corpus; it is made if it is missing. A directory, or a name in"
                  + " the catalog for other formats.");

  private static final Setting<String> TABLE =
      Setting.text("table", "")
          .label("TABLE")
          .excludes(INPUT)
          .meaning(EnrichTableOptions.TABLE.meaning());

  private static final List<Setting<?>> OF_CORPUS =
      Setting.all(
          List.of(InputOptions.FORMAT, InputOptions.READ_OPTION, InputOptions.WHERE),
          List.of(EmbedOptions.KEEP_COLUMNS),
          List.of(
              OutputOptions.OUTPUT_FORMAT,
              OutputOptions.KEEP_OLD,
              OutputOptions.PARTITION_BY,
              OutputOptions.FILES,
              OutputOptions.TARGET_FILE_SIZE,
              MirrorOptions.VANISHED));

  @Override
  public String name() {
    return "enrich";
  }

  @Override
  public String description() {
    return "Keep embeddings up to date, in a table of their own or beside the texts: only texts"
        + " that are new are encoded.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("A corpus and its table", Setting.all(List.of(INPUT, OUTPUT), OF_CORPUS)),
        new SettingGroup("Rows as they arrive", FollowOptions.FOLLOWING),
        SettingGroup.of("Or a table in place", TABLE, EnrichTableOptions.SINCE_SNAPSHOT),
        SettingGroup.of(
            "Columns",
            EnrichOptions.ID_COLUMN,
            EmbedOptions.TEXT_COLUMN,
            EmbedOptions.EMBEDDING_COLUMN),
        new SettingGroup("Enrichment", Setting.all(CacheOptions.ALL, EnrichOptions.ALL)),
        new SettingGroup(
            "Encoding", Setting.all(EmbedderOptions.ALL, List.of(OutputOptions.MAX_FAILED))),
        new SettingGroup("Run", JobOptions.ALL));
  }

  @Override
  public String example() {
    return "--input articles --output articles_embedded --id-column id";
  }

  @Override
  public int run(Invocation invocation) {
    Settings settings = invocation.settings();
    settings.requireApplicable(List.of(OUTPUT, TABLE));
    JobOptions.requireSummary(settings);
    if (settings.has(TABLE)) {
      settings.requireNone(OF_CORPUS, "does not apply with --table");
      settings.requireNone(FollowOptions.FOLLOWING, "does not apply with --table");
      inPlace(
          EnrichTableSettings.of(settings.with(EnrichTableOptions.TABLE, settings.get(TABLE))),
          invocation);
    } else if (settings.has(INPUT) && settings.has(OUTPUT)) {
      settings.requireNone(
          List.of(EnrichTableOptions.SINCE_SNAPSHOT), "requires --table, which is not set");
      Settings ofCorpus =
          settings
              .with(InputOptions.INPUT, settings.get(INPUT))
              .with(OutputOptions.OUTPUT, settings.get(OUTPUT));
      if (settings.get(FollowOptions.FOLLOW)) {
        follow(FollowSettings.of(ofCorpus), invocation);
      } else {
        settings.requireApplicable(FollowOptions.FOLLOWING);
        mirror(MirrorSettings.of(ofCorpus), invocation);
      }
    } else {
      throw new IllegalArgumentException(
          "Cannot run: give --input and --output for a table that follows a corpus, or --table for a table that gets embeddings in place");
    }
    return Main.SUCCEEDED;
  }

  private static void mirror(MirrorSettings settings, Invocation invocation) {
    try (JobSession session = session(settings.model().location(), invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), settings.corpus().paths(), settings.table(), session.spark());
      EnrichResult result = new MirrorCorpus(settings).run(session.spark(), progress);
      EnrichSummary.of(result, settings.dryRun()).report(invocation);
    }
  }

  private static void follow(FollowSettings settings, Invocation invocation) {
    try (JobSession session = session(settings.mirror().model().location(), invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(),
          settings.mirror().corpus().paths(),
          settings.mirror().table(),
          session.spark());
      FollowResult result =
          new FollowSource(settings)
              .run(session.spark(), progress, StopSignals.of(settings.trigger()));
      FollowSummary.of(result).report(invocation);
    }
  }

  private static void inPlace(EnrichTableSettings settings, Invocation invocation) {
    String model = settings.encoding().get(EmbedderOptions.MODEL);
    try (JobSession session = session(model, invocation);
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      EnrichResult result = new EnrichTable(settings).run(session.spark(), progress);
      EnrichSummary.of(result, settings.dryRun()).report(invocation);
    }
  }

  private static JobSession session(String model, Invocation invocation) {
    return JobSession.open("spark-gbert enrich", model, invocation.console());
  }
}
