package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedResult;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;

/** Embeds a corpus. */
final class EmbedJob implements Job {
  @Override
  public String name() {
    return "embed";
  }

  @Override
  public String description() {
    return "Embed the text of a corpus and write a table.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Input", InputOptions.ALL),
        new SettingGroup(
            "Columns",
            Setting.all(
                EmbedOptions.COLUMNS,
                List.of(EmbedOptions.OUTPUT_PRECISION, EmbedOptions.BINARY_MEAN))),
        new SettingGroup("Output", OutputOptions.TABLE),
        new SettingGroup("Encoding", EmbedOptions.ENCODING),
        new SettingGroup("Run", JobOptions.ALL));
  }

  @Override
  public String example() {
    return "--input articles --output articles_embedded";
  }

  @Override
  public int run(Invocation invocation) {
    EmbedSettings settings = EmbedSettings.of(invocation.settings());
    JobOptions.requireSummary(invocation.settings());
    try (JobSession session =
            JobSession.open(
                "spark-gbert embed", settings.model().location(), invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), settings.corpus().paths(), settings.table(), session.spark());
      EmbedResult result = new EmbedCorpus(settings).run(session.spark(), progress);
      Summary.of(result).report(invocation);
    }
    return Main.SUCCEEDED;
  }
}
