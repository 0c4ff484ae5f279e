package org.sparkgbert.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Objects;

/**
 * What {@code bundle.json} says about a model.
 *
 * @param formatVersion version of this layout, {@value #FORMAT_VERSION}
 * @param name the model's name
 * @param source where the weights come from: a Maven artifact, a Hub id, a directory
 * @param revision the source's version or commit
 * @param licence the licence as its source declares it
 * @param description what to know before using the model, one line, printed by every job
 * @param architecture shape of the encoder
 * @param dimension length of an embedding
 * @param maxSeqLength maximum number of tokens per text, special tokens included; longer ones are
 *     cut
 * @param pooling how token vectors become one vector, such as {@code mean}; a node of the graph
 * @param normalize whether embeddings have unit length; a node of the graph
 * @param prompt text put before each sentence, possibly empty
 * @param precision type of the weights: {@code float32}, {@code float16} or {@code int8}
 * @param opset version of the ONNX operator set
 * @param files the bundle's other files
 * @param toolVersion version of spark-gbert that made the bundle
 * @param created when it was made, ISO 8601 in UTC
 * @param notes what was decided when it was made, such as defaults for files that were missing;
 *     none if the manifest lists none
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BundleManifest(
    int formatVersion,
    String name,
    String source,
    String revision,
    String licence,
    String description,
    Architecture architecture,
    int dimension,
    int maxSeqLength,
    String pooling,
    boolean normalize,
    String prompt,
    String precision,
    int opset,
    List<BundleFile> files,
    String toolVersion,
    String created,
    List<String> notes) {

  /** The version of the layout that this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /** Name of the manifest's file inside a bundle. */
  public static final String FILE = "bundle.json";

  /** Name of the graph's file inside a bundle. */
  public static final String MODEL_FILE = "model.onnx";

  /** Name of the tokenizer's file inside a bundle. */
  public static final String TOKENIZER_FILE = "tokenizer.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * @throws IllegalArgumentException if a value is missing or out of range
   */
  public BundleManifest {
    notes = notes == null ? List.of() : List.copyOf(notes);
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be " + FORMAT_VERSION + ", found " + formatVersion);
    }
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(prompt, "prompt is missing");
    Objects.requireNonNull(pooling, "pooling is missing");
    Objects.requireNonNull(precision, "precision is missing");
    Objects.requireNonNull(architecture, "architecture is missing");
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be positive, found " + dimension);
    }
    if (maxSeqLength < 1) {
      throw new IllegalArgumentException("max_seq_length must be positive, found " + maxSeqLength);
    }
    Objects.requireNonNull(files, "files is missing")
        .forEach(file -> Objects.requireNonNull(file, "files must not list null"));
    files = List.copyOf(files);
    List<String> names = files.stream().map(BundleFile::name).toList();
    if (!names.containsAll(List.of(MODEL_FILE, TOKENIZER_FILE))) {
      throw new IllegalArgumentException(
          "files must list " + MODEL_FILE + " and " + TOKENIZER_FILE + ", found " + names);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException if the text is not a manifest; the message gives the reason
   */
  public static BundleManifest parse(String json) {
    try {
      BundleManifest manifest = JSON.readValue(json, BundleManifest.class);
      if (manifest == null) {
        throw new IllegalArgumentException("it must be a JSON object, found null");
      }
      return manifest;
    } catch (JsonProcessingException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      String message =
          reason instanceof JsonProcessingException j
              ? j.getOriginalMessage()
              : reason.getMessage();
      throw new IllegalArgumentException(message, e);
    }
  }

  /** This manifest as indented JSON. */
  public String toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the manifest of " + name, e);
    }
  }
}
