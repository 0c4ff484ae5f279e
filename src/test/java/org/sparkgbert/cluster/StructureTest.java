package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructureTest {
  @ParameterizedTest
  @CsvSource({
    "-1, NONE",
    "0.02, NONE",
    "0.25, NONE",
    "0.26, WEAK",
    "0.5, WEAK",
    "0.51, REASONABLE",
    "0.7, REASONABLE",
    "0.71, STRONG",
    "1, STRONG"
  })
  void aSilhouetteHasAVerdict(double silhouette, Structure verdict) {
    assertThat(Structure.of(silhouette)).isEqualTo(verdict);
  }
}
