package org.sparkgbert.tokenize;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.sparkgbert.TinyModel;

/** The tiny model's tokenizer, changed. */
final class TestTokenizers {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TestTokenizers() {}

  /** Writes the tokenizer with a change. */
  static Path changed(Path folder, Consumer<ObjectNode> change) throws IOException {
    ObjectNode json =
        (ObjectNode) JSON.readTree(TinyModel.DIRECTORY.resolve("tokenizer.json").toFile());
    change.accept(json);
    return Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(json));
  }

  /** Writes the tokenizer with another part. */
  static Path with(Path folder, String key, String part) throws IOException {
    return changed(folder, json -> json.set(key, json(part)));
  }

  /** A JSON object. */
  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
