package org.sparkgbert.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the sample data that comes with the project: one JSON object per line. */
public final class SampleData {
  private static final String FOLDER = "/org/sparkgbert/sample/";

  private SampleData() {}

  /**
   * Reads one file.
   *
   * @param resource its name, such as {@code corpus.jsonl}
   * @return its objects, in their order
   */
  public static List<JsonNode> read(String resource) {
    JsonMapper json = JsonMapper.builder().build();
    List<JsonNode> objects = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SampleData.class.getResourceAsStream(FOLDER + resource), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        objects.add(json.readTree(line));
      }
      return objects;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the sample data " + resource, e);
    }
  }
}
