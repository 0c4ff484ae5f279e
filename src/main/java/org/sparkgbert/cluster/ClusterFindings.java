package org.sparkgbert.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunManifest;

/**
 * The clusters of a table and how good they are; {@code quality.json} holds its figures. Immutable
 * if its lists, map and matrix are, which are not copied.
 *
 * @param runId the run
 * @param finished when, ISO 8601 in UTC
 * @param input where the rows came from
 * @param embeddings what made the embeddings, null if unknown
 * @param earlierModel directory of the earlier run's model that the rows were assigned to; null if
 *     there is none
 * @param settings settings by name
 * @param counts number of rows by whether they have an embedding
 * @param clusters number of clusters
 * @param cost sum of squared distances of the rows to the centroids, with cosine distance of
 *     unit-length vectors; of rows that the clusters were found on, as the last iteration found it
 * @param scanned numbers of clusters that were tried; empty if k was given
 * @param scannedRows number of rows of the sample they were tried on
 * @param quality how good the clustering is
 * @param cards the clusters by number; not part of the JSON, since they have their own table
 * @param labels how known labels are divided among the clusters, empty if there are none; not part
 *     of the JSON
 * @param centroidSimilarities cosine similarity of each pair of centroids, symmetric, {@code [k,
 *     k]}; not part of the JSON
 * @param map points of a sample of the rows; not part of the JSON
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ClusterFindings(
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
    @JsonIgnore List<ClusterCard> cards,
    @JsonIgnore List<LabelCounts> labels,
    @JsonIgnore double[][] centroidSimilarities,
    @JsonIgnore List<MapPoint> map) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** As indented JSON. */
  public String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write findings", e);
    }
  }

  /** The settings by readable names, such as {@code k chosen from}. */
  public Map<String, String> namedSettings() {
    return named(settings);
  }

  /** The settings as one line. */
  public String settingsLine() {
    return inWords(settings);
  }

  /** Settings in the order of the map, as one line. */
  static String inWords(Map<String, String> settings) {
    return named(settings).entrySet().stream()
        .map(setting -> setting.getKey() + " " + setting.getValue())
        .collect(Collectors.joining(", "));
  }

  private static Map<String, String> named(Map<String, String> settings) {
    Map<String, String> named = new LinkedHashMap<>();
    settings.forEach((name, value) -> named.put(name.replace('_', ' '), value));
    return named;
  }
}
