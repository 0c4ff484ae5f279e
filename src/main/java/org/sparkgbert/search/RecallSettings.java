package org.sparkgbert.search;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.Settings;

/**
 * What {@link MeasureRecall} should do.
 *
 * @param index the index
 * @param questions how many held-out questions to ask
 * @param report directory for the page; empty for none
 * @param device where blocks are multiplied, with the threads of a task
 */
public record RecallSettings(
    CorpusSource index, int questions, Optional<String> report, DeviceSettings device) {
  public RecallSettings {
    Objects.requireNonNull(index, "index");
    SearchOptions.MEASURE_RECALL.require(Optional.of(questions));
    SearchOptions.REPORT.require(report);
    Objects.requireNonNull(device, "device");
  }

  /**
   * Reads the settings of {@link SearchOptions}.
   *
   * @throws IllegalArgumentException if recall is not to be measured, or others do not apply
   */
  public static RecallSettings of(Settings settings) {
    settings.requireApplicable(SearchOptions.ALL);
    List<Setting<?>> others =
        Setting.all(
            SearchOptions.QUESTIONS,
            SearchOptions.SEARCH,
            List.of(SearchOptions.PROBE, SearchOptions.OUTPUT),
            SearchOptions.OF_TABLE,
            SearchOptions.ofTexts());
    settings.requireNone(others, "does not apply with " + SearchOptions.MEASURE_RECALL.option());
    CorpusSource index = CorpusSource.of(SearchOptions.withInput(settings));
    if (!index.where().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot run: --where does not apply with " + SearchOptions.MEASURE_RECALL.option());
    }
    return new RecallSettings(
        index,
        settings.get(SearchOptions.MEASURE_RECALL).orElseThrow(),
        settings.get(SearchOptions.REPORT),
        DeviceSettings.of(settings, 1));
  }
}
