package org.sparkgbert.convert.encoder;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.sparkgbert.convert.graph.Encoder;

/** A {@code config.json} to be changed and read. */
final class TestConfig {
  private final ObjectNode json = JsonMapper.builder().build().createObjectNode();

  void change(Consumer<ObjectNode> change) {
    change.accept(json);
  }

  Encoder read() {
    return EncoderFamilies.read(new ConfigFile("config.json", json));
  }

  void assertRefused(String rule) {
    assertMessage("Cannot import model: in config.json " + rule);
  }

  void assertMessage(String message) {
    assertThatThrownBy(this::read).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
