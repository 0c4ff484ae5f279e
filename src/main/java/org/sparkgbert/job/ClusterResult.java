package org.sparkgbert.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.ClusterQuality;
import org.sparkgbert.cluster.ClusterQuality.LabelAgreement;
import org.sparkgbert.cluster.ScannedK;
import org.sparkgbert.cluster.VectorCounts;
import org.sparkgbert.files.Json;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunManifest;

/**
 * What a run of the cluster job found; {@code quality.json} holds it.
 *
 * @param runId the run
 * @param finished when, ISO 8601 in UTC
 * @param input where the rows came from
 * @param embeddings what made the embeddings, null if unknown
 * @param earlierModel directory of the earlier run's model that took the rows; null if there is
 *     none
 * @param settings settings by name
 * @param counts rows by whether they have an embedding
 * @param clusters count of clusters
 * @param cost sum of squared distances to the centroids of the rows that the clusters were found on
 * @param scanned counts of clusters that were tried; empty if k was given
 * @param scannedRows rows of the sample they were tried on
 * @param quality how good the clustering is
 * @param cards the clusters; not part of the JSON, since they have a table
 */
@JsonNaming(SnakeCaseStrategy.class)
record ClusterResult(
    String runId,
    String finished,
    RunManifest.Input input,
    EmbeddingProvenance embeddings,
    String earlierModel,
    Map<String, String> settings,
    VectorCounts counts,
    int clusters,
    double cost,
    List<ScannedK> scanned,
    long scannedRows,
    ClusterQuality quality,
    @JsonIgnore List<ClusterCard> cards) {

  String toJson() {
    return Json.text(this);
  }

  /** Prints it for a person. */
  void print(Console console, String directory, double seconds, String warning) {
    console.line("Clusters", "%d: %s", clusters, inWords(settings));
    for (ClusterCard card : cards) {
      console.line(
          "", "%3d %,8d rows  %s", card.cluster(), card.size(), String.join(", ", card.labels()));
    }
    console.line(
        "Rows",
        "%,d, %,d without a usable embedding",
        counts.rows(),
        counts.rows() - counts.usable());
    if (quality.silhouette() != null) {
      console.line(
          "Quality", "silhouette %.4f on %,d rows", quality.silhouette(), quality.silhouetteRows());
    }
    if (quality.agreement() != null) {
      print(console, quality.agreement());
    }
    console.line("Time", "%.1f s", seconds);
    console.line("Report", "%s/%s", directory, ClusterOutput.REPORT);
    if (!warning.isEmpty()) {
      console.line("Warning", "%s", warning);
    }
  }

  private static void print(Console console, LabelAgreement agreement) {
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

  /** Settings in the order of the map, as one line. */
  static String inWords(Map<String, String> settings) {
    return named(settings).entrySet().stream()
        .map(setting -> setting.getKey() + " " + setting.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The same settings by names that people read. */
  static Map<String, String> named(Map<String, String> settings) {
    Map<String, String> named = new LinkedHashMap<>();
    settings.forEach((name, value) -> named.put(name.replace('_', ' '), value));
    return named;
  }
}
