package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "---\nlicense: mit\n---\n",
        "---\r\nlanguage: de\r\nlicense: mit\r\ntags:\r\n- a\r\n---\r\ntext",
        "---\nlicense: \"mit\"\n---\n",
        "---\nlicense:\n  - mit\n---\n",
        "---\nlicense: [mit]\n---\n",
        "---\nlicense: other\nlicense_name: mit\n---\n"
      })
  void theLicenceOfACardIsRead(String card) {
    assertThat(ModelCard.parse(card).licence()).contains("mit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# Model\nlicense: mit\n",
        "---\nlanguage: de\n---\nlicense: mit\n",
        "---\nlicense:\nlanguage: de\n---\n",
        "---\nlicense: mit\n"
      })
  void aCardMayDeclareNone(String card) {
    assertThat(ModelCard.parse(card).licence()).isEmpty();
  }

  @Test
  void theApisFactsAreRead() {
    assertThat(of("{'license': 'mit'}").licence()).contains("mit");
    assertThat(of("{'license': ['mit', 'apache-2.0']}").licence()).contains("mit, apache-2.0");
    assertThat(of("{'license': 'other', 'license_name': 'own'}").licence()).contains("own");
    assertThat(of("{'license': 'other'}").licence()).contains("other");
    assertThat(of("{'license': 'a\\nb'}").licence()).contains("a b");
    assertThat(of("{'license': null}").licence()).isEmpty();
    assertThat(of("null").licence()).isEmpty();
  }

  private static ModelCard of(String json) {
    try {
      return ModelCard.of(JsonMapper.builder().build().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void aDirectoryWithoutACardDeclaresNone(@TempDir Path directory) {
    assertThat(ModelCard.read(directory).licence()).isEmpty();
  }
}
