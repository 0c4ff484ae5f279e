package org.sparkgbert.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results as indented JSON. */
final class Json {
  private Json() {}

  static String text(Object value) {
    try {
      return JsonMapper.builder()
          .build()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass().getSimpleName(), e);
    }
  }

  /** Writes a summary into a file, whose directory is made if there is none. */
  static void writeSummary(String json, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, json);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write summary " + file + ": " + e.getMessage(), e);
    }
  }
}
