package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.embed.EmbedCorpus;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.EmbedResult;
import org.sparkgbert.embed.EmbedSettings;
import org.sparkgbert.settings.Setting;

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
  public List<Setting<?>> settings() {
    return Setting.all(EmbedOptions.ALL, JobOptions.ALL);
  }

  @Override
  public int run(Invocation invocation) {
    EmbedSettings settings = EmbedSettings.of(invocation.settings());
    JobOptions.requireWritable(JobOptions.SUMMARY_JSON, invocation.settings());
    try (JobSession session = JobSession.open("spark-gbert embed", settings.model().location());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      EmbedResult result = new EmbedCorpus(settings).run(session.spark(), progress);
      Summary.of(result).report(invocation);
    }
    return Main.SUCCEEDED;
  }
}
