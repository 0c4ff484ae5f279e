package org.sparkgbert.embed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;

/** The tiny model of the tests, and what it should say. */
public final class TinyBert {
  /** Length of its embeddings. */
  public static final int DIMENSION = 32;

  /** Largest difference between a golden vector and ours. */
  public static final float TOLERANCE = 1e-5f;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * A text with its vector as PyTorch computed it.
   *
   * @param tokens tokens of the text before any cut
   */
  public record Golden(String text, int tokens, float[] embedding) {}

  private TinyBert() {}

  /** Its directory. */
  public static Path directory() {
    try {
      return Path.of(TinyBert.class.getResource("/tiny-bert").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The class path is no directory", e);
    }
  }

  /** An embedder with it, on the CPU. */
  public static SentenceEmbedder embedder() {
    return new SentenceEmbedder()
        .setModel(directory().toString())
        .set(DeviceOptions.DEVICE, DeviceChoice.CPU);
  }

  /** Texts with their vectors; characters were left as they are. */
  public static List<Golden> golden() {
    try {
      return Files.readAllLines(directory().resolve("golden.jsonl")).stream()
          .map(TinyBert::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read golden vectors", e);
    }
  }

  private static Golden parse(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      return new Golden(
          json.get("text").textValue(),
          json.get("tokens").intValue(),
          JSON.treeToValue(json.get("embedding"), float[].class));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read golden vector " + line, e);
    }
  }
}
