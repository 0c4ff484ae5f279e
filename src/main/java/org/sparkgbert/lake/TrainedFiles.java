package org.sparkgbert.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What the manifest of a trained model says of its files.
 *
 * @param bytes length of each file by its path in the model's directory
 */
record TrainedFiles(Map<String, Long> bytes) {
  /** The manifest's name. */
  static final String MANIFEST = "training.json";

  private static final int MOST_BYTES = 1 << 26;

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException if it is not one
   * @throws IOException if it cannot be read
   */
  static TrainedFiles read(FileSystem files, Path file) throws IOException {
    if (files.getFileStatus(file).getLen() > MOST_BYTES) {
      throw new IllegalArgumentException("Cannot read %s: it is too long".formatted(file));
    }
    JsonNode listed;
    try (InputStream in = files.open(file)) {
      listed = JsonMapper.builder().build().readTree(in.readAllBytes()).path("files");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot read %s: it is not JSON".formatted(file), e);
    }
    Map<String, Long> bytes = new TreeMap<>();
    for (JsonNode entry : listed) {
      bytes.put(entry.path("name").asText(), entry.path("size").asLong(-1));
    }
    if (bytes.isEmpty()) {
      throw new IllegalArgumentException("Cannot read %s: it lists no files".formatted(file));
    }
    return new TrainedFiles(bytes);
  }

  /** What the model's directory holds: files, and directories with files. */
  List<String> parts() {
    return bytes.keySet().stream().map(name -> name.replaceFirst("/.*", "")).distinct().toList();
  }
}
