package org.sparkgbert.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run that follows a corpus may be told. */
class FollowSettingsTest {
  private static FollowSettings settings(String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("input", "articles");
    settings.put("output", "lake.db.articles");
    settings.put("output-format", "iceberg");
    settings.put("id-column", "id");
    settings.put("follow", "true");
    settings.put("checkpoint", "c");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return FollowSettings.of(settings);
  }

  @Test
  void itLooksOnceUnlessAnIntervalIsGiven() {
    assertThat(settings().trigger()).isEqualTo(FollowTrigger.AVAILABLE_NOW);
    assertThat(settings("trigger", "available-now").trigger().interval()).isEmpty();
    assertThat(settings("trigger", "5m").trigger().interval()).contains(Duration.ofMinutes(5));
    assertThat(settings("trigger", "30S").trigger()).hasToString("30s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "once", "0s", "-3s", "5", "10 minutes", "99999999999d"})
  void otherTriggersAreRefused(String trigger) {
    assertThatThrownBy(() -> settings("trigger", trigger))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot run: --trigger must be available-now or an interval such as 30s, 5m or 1h, found '%s'",
            trigger);
  }

  @ParameterizedTest
  @CsvSource({
    "vanished, keep",
    "on-model-change, re-encode",
    "max-encode, 3",
    "oldest-by, id",
    "dry-run, true",
    "stage, s",
    "keep-old, 6h",
    "files, 3",
    "target-file-size, 1m"
  })
  void whatMakesNoSenseForAStreamIsRefused(String name, String value) {
    assertThatThrownBy(() -> settings(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --%s does not apply with --follow", name);
  }

  @Test
  void aTableWithoutMergeIsRefused() {
    assertThatThrownBy(() -> settings("output-format", "parquet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot follow into a table of parquet: only those of iceberg and delta take single rows, and each batch would write the whole table again; give --output-format, or let a scheduler run it without --follow");
  }

  @Test
  void aCheckpointIsNeeded() {
    Map<String, String> settings =
        Map.of("input", "i", "output", "o", "id-column", "id", "follow", "true");
    assertThatThrownBy(() -> FollowSettings.of(settings))
        .hasMessage("Cannot run: --follow requires --checkpoint, which is not set");
    Map<String, String> withoutFollow =
        Map.of("input", "i", "output", "o", "id-column", "id", "checkpoint", "c");
    assertThatThrownBy(() -> FollowSettings.of(withoutFollow))
        .hasMessage("Cannot run: --checkpoint requires --follow, which is not set");
  }
}
