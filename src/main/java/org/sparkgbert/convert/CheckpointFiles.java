package org.sparkgbert.convert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a checkpoint in a local directory, as a download from the Hub or git-lfs leaves
 * them.
 *
 * @param directory where they are
 */
record CheckpointFiles(Path directory) {
  private static final long LARGEST_FILE = 64L << 20;
  private static final int DEEPEST_JSON = 64;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST_JSON)
                          .maxStringLength((int) LARGEST_FILE)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * @throws IllegalArgumentException if there is no such directory
   */
  CheckpointFiles {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "Cannot import %s: there is no such directory".formatted(directory));
    }
  }

  /** A subdirectory. */
  CheckpointFiles inside(String path) {
    return path.isEmpty() ? this : new CheckpointFiles(resolve(path));
  }

  /**
   * A file's path.
   *
   * @throws IllegalArgumentException if the name leads out of the directory
   */
  Path resolve(String name) {
    Path path = directory.resolve(name).normalize();
    if (Path.of(name).isAbsolute() || !path.startsWith(directory.normalize())) {
      throw new IllegalArgumentException(
          "Cannot import %s: '%s' leads out of it".formatted(directory, name));
    }
    return path;
  }

  boolean has(String name) {
    return Files.isRegularFile(resolve(name));
  }

  /** A JSON file, empty if there is none. */
  Optional<JsonNode> json(String name) {
    return has(name) ? Optional.of(readJson(resolve(name))) : Optional.empty();
  }

  /**
   * Reads a JSON file.
   *
   * @throws IllegalArgumentException if it is larger than 64 MB, nested deeper than 64 levels, has
   *     a duplicate key, or is not JSON
   */
  static JsonNode readJson(Path file) {
    try {
      return JSON.readTree(readBytes(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read %s: it is not JSON, %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file other than weights.
   *
   * @throws IllegalArgumentException if it is larger than 64 MB
   */
  static byte[] readBytes(Path file) throws IOException {
    if (Files.size(file) > LARGEST_FILE) {
      throw new IllegalArgumentException(
          "Cannot read %s: it must have at most %d bytes, found %d"
              .formatted(file, LARGEST_FILE, Files.size(file)));
    }
    return Files.readAllBytes(file);
  }

  static JsonMapper mapper() {
    return JSON;
  }
}
