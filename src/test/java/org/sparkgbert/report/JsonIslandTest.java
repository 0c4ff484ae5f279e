package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonIslandTest {
  @Test
  void everyTextComesBackAsItWas() throws Exception {
    String json = JsonIsland.write(HostileTexts.ALL);
    assertThat(JsonMapper.builder().build().readValue(json, String[].class))
        .containsExactlyElementsOf(HostileTexts.ALL);
  }

  @Test
  void nothingInItEndsTheScriptElement() {
    assertThat(JsonIsland.write(HostileTexts.ALL))
        .doesNotContain("<", ">", "&")
        .isPrintable()
        .matches("\\p{ASCII}+");
  }

  @Test
  void numbersAreShortAndAlwaysJson() {
    assertThat(JsonIsland.write(List.of(0.123456789012, 2.0, Double.NaN)))
        .isEqualTo("[0.12345679,2.0,null]");
  }
}
