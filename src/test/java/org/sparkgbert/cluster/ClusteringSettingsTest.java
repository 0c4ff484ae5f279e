package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusteringSettingsTest {

  @Test
  void kIsANumberAListOrAuto() {
    assertThat(KChoice.parse("20")).isEqualTo(new KChoice.Fixed(20));
    assertThat(KChoice.parse("40, 5,10,5")).isEqualTo(new KChoice.BestOf(List.of(5, 10, 40)));
    assertThat(KChoice.parse("auto")).isEqualTo(new KChoice.Auto());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "viele", "5,", "5;6", "1e3"})
  void whatIsNoKIsRefused(String text) {
    assertThatThrownBy(() -> KChoice.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot choose k: it must be auto, a number, or numbers")
        .hasMessageEndingWith("found " + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0", "-3", "5,1"})
  void lessThanTwoClustersAreRefused(String text) {
    assertThatThrownBy(() -> KChoice.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot choose k: it must be at least 2, found ");
  }

  @Test
  void valuesOutOfRangeAreRefusedByName() {
    KChoice k = new KChoice.Fixed(2);
    assertThatThrownBy(
            () -> new ClusteringSettings(k, Algorithm.KMEANS, Distance.COSINE, 0, 1, 0, 0, 1, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --max-iterations must be at least 1, found 0");
    assertThatThrownBy(
            () ->
                new ClusteringSettings(
                    k, Algorithm.KMEANS, Distance.COSINE, 0, 1, 1, Double.NaN, 1, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: --tolerance must be a number of at least 0, found NaN");
  }

  @Test
  void fewVectorsHaveMoreRestarts() {
    ClusteringSettings automatic = restarts(0);
    assertThat(automatic.restarts(1_000)).isEqualTo(100);
    assertThat(automatic.restarts(1_001)).isEqualTo(10);
    assertThat(automatic.restarts(10_001)).isEqualTo(3);
    assertThat(automatic.restartsPerK(1_000)).isEqualTo(10);
    assertThat(automatic.restartsPerK(10_001)).isEqualTo(3);
    assertThat(restarts(40).restarts(10_001)).isEqualTo(40);
    assertThat(restarts(40).restartsPerK(1_000)).isEqualTo(40);
  }

  private static ClusteringSettings restarts(int restarts) {
    return new ClusteringSettings(
        new KChoice.Fixed(2), Algorithm.KMEANS, Distance.COSINE, 0, 1, 1, 0, 1, restarts, 2);
  }
}
