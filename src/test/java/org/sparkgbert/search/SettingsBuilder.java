package org.sparkgbert.search;

import java.util.List;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.Similarity;

/** Settings for one thread of the CPU that differ from the defaults where a test says so. */
final class SettingsBuilder {
  private String idColumn = "id";
  private String embeddingColumn = "embedding";
  private Similarity similarity = Similarity.COSINE;
  private int topK = Settings.NONE.get(NeighbourOptions.TOP_K);
  private Float minScore;
  private boolean unordered;
  private int blockRows = Settings.NONE.get(NeighbourOptions.BLOCK_ROWS);
  private List<String> carriedColumns = List.of();

  SettingsBuilder columns(String id, String embedding) {
    idColumn = id;
    embeddingColumn = embedding;
    return this;
  }

  SettingsBuilder similarity(Similarity value) {
    similarity = value;
    return this;
  }

  SettingsBuilder topK(int value) {
    topK = value;
    return this;
  }

  SettingsBuilder minScore(float value) {
    minScore = value;
    return this;
  }

  SettingsBuilder unordered() {
    unordered = true;
    return this;
  }

  SettingsBuilder blockRows(int value) {
    blockRows = value;
    return this;
  }

  SettingsBuilder carriedColumns(String... names) {
    carriedColumns = List.of(names);
    return this;
  }

  NeighbourSettings build() {
    return new NeighbourSettings(
        idColumn,
        embeddingColumn,
        similarity,
        topK,
        minScore,
        unordered,
        blockRows,
        carriedColumns,
        DeviceSettings.cpu(1));
  }
}
