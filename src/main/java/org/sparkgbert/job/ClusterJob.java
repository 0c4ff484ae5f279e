package org.sparkgbert.job;

import java.util.List;
import org.sparkgbert.action.Amount;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.ClusterFindings;
import org.sparkgbert.cluster.ClusterOptions;
import org.sparkgbert.cluster.ClusterQuality;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.cluster.ClusterSettings;
import org.sparkgbert.cluster.FindClusters;
import org.sparkgbert.cluster.FoundClusters;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.report.ClusterReport;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;

/**
 * Clusters embeddings, labels and describes the clusters, and writes everything into a directory.
 */
final class ClusterJob implements Job {
  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public String description() {
    return "Cluster the embeddings of a table; write assignments, clusters with labels and"
        + " exemplars, the model, and a report.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Input", InputOptions.ALL),
        new SettingGroup("Columns and output", ClusterOptions.TABLES),
        new SettingGroup(
            "Clusters", Setting.all(List.of(ClusterOptions.ASSIGN), ClusterOptions.CLUSTERING)),
        new SettingGroup("Description", ClusterOptions.DESCRIPTION),
        new SettingGroup("Run", JobOptions.ALL));
  }

  @Override
  public String example() {
    return "--input articles_embedded --output articles_clusters --k 20";
  }

  @Override
  public int run(Invocation invocation) {
    ClusterSettings settings = ClusterSettings.of(invocation.settings());
    JobOptions.requireSummary(invocation.settings());
    FindClusters action = new FindClusters(settings, findings -> ClusterReport.of(findings).html());
    try (JobSession session = JobSession.open("spark-gbert cluster", "", invocation.console());
        TerminalProgress progress = new TerminalProgress(invocation.console())) {
      JobOptions.requireSummaryBeside(
          invocation.settings(), action.inputs(), settings.directory(), session.spark());
      FoundClusters found = action.run(session.spark(), progress);
      print(found, invocation.console());
      JobOptions.writeSummary(found.findings(), invocation.settings());
    }
    return Main.SUCCEEDED;
  }

  private static void print(FoundClusters found, Console console) {
    ClusterFindings findings = found.findings();
    console.line("Clusters", "%d: %s", findings.clusters(), findings.settingsLine());
    for (ClusterCard card : findings.cards()) {
      console.line(
          "",
          "%3d %,8d %s  %s",
          card.cluster(),
          card.size(),
          card.size() == 1 ? "row " : "rows",
          String.join(", ", card.labels()));
    }
    console.line(
        "Rows",
        "%,d, %,d without a usable embedding",
        findings.counts().rows(),
        findings.counts().rows() - findings.counts().usable());
    print(findings.quality(), console);
    console.line("Time", "%s", Amount.time(found.took()));
    console.line("Report", "%s/%s", found.directory(), FindClusters.PAGE);
    if (!found.warning().isEmpty()) {
      console.line("Warning", "%s", found.warning());
    }
  }

  private static void print(ClusterQuality quality, Console console) {
    if (quality.silhouette() != null) {
      console.line(
          "Quality",
          "silhouette %.4f on %s%s",
          quality.silhouette(),
          Amount.of(quality.silhouetteRows(), "row"),
          quality.structure().map(found -> ": " + found.words()).orElse(""));
    }
    LabelAgreement agreement = quality.agreement();
    if (agreement != null) {
      console.line(
          "Agreement",
          "with %s: V-measure %.4f, homogeneity %.4f, completeness %.4f, ARI %.4f, NMI %.4f",
          agreement.labelColumn(),
          agreement.vMeasure(),
          agreement.homogeneity(),
          agreement.completeness(),
          agreement.adjustedRandIndex(),
          agreement.normalizedMutualInformation());
    }
  }
}
