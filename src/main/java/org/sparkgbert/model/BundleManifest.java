package org.sparkgbert.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.settings.Labels;

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
 * @param queryPrompt text put before a question in a search, if that is another than before the
 *     sentences of the corpus; null if there is no such prompt
 * @param matryoshkaDimensions lengths of beginnings of embeddings that the model was trained for;
 *     empty if it was trained for them and their lengths are not listed, null if nothing is known
 */
@JsonNaming(SnakeCaseStrategy.class)
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
    List<String> notes,
    @JsonInclude(JsonInclude.Include.NON_NULL) String queryPrompt,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Integer> matryoshkaDimensions) {

  /** The version of the layout that this code reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /** Name of the manifest's file inside a bundle. */
  public static final String FILE = "bundle.json";

  /** Name of the graph's file inside a bundle. */
  public static final String MODEL_FILE = "model.onnx";

  /** Name of the tokenizer's file inside a bundle. */
  public static final String TOKENIZER_FILE = "tokenizer.json";

  /** What the weights of a bundle are. */
  private static final List<String> PRECISIONS = List.of("float32", "float16", "int8");

  /** Bytes of the longest manifest that is read; one has about 2,000. */
  private static final int LARGEST = 1 << 20;

  /** Integers are integers, and each key is known and there once. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  /**
   * @throws IllegalArgumentException if a value is missing or out of range
   */
  public BundleManifest {
    notes = notes == null ? List.of() : List.copyOf(notes);
    if (matryoshkaDimensions != null) {
      for (Integer kept : matryoshkaDimensions) {
        if (kept == null || kept < 1) {
          throw new IllegalArgumentException(
              "matryoshka_dimensions must be positive, found " + matryoshkaDimensions);
        }
      }
      matryoshkaDimensions = List.copyOf(matryoshkaDimensions);
    }
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be " + FORMAT_VERSION + ", found " + formatVersion);
    }
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(prompt, "prompt is missing");
    Objects.requireNonNull(pooling, "pooling is missing");
    Objects.requireNonNull(precision, "precision is missing");
    if (!PRECISIONS.contains(precision)) {
      throw new IllegalArgumentException(
          "precision must be %s, found '%s'".formatted(Labels.either(PRECISIONS), precision));
    }
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
    if (names.size() != Set.copyOf(names).size() || names.contains(FILE)) {
      throw new IllegalArgumentException(
          "files must list each file once, and not " + FILE + ", found " + names);
    }
  }

  /** A manifest without a prompt for questions and dimensions that embeddings may be cut to. */
  public BundleManifest(
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
    this(
        formatVersion,
        name,
        source,
        revision,
        licence,
        description,
        architecture,
        dimension,
        maxSeqLength,
        pooling,
        normalize,
        prompt,
        precision,
        opset,
        files,
        toolVersion,
        created,
        notes,
        null,
        null);
  }

  private BundleManifest with(String ofSentences, String ofQuestions, List<Integer> trained) {
    return new BundleManifest(
        formatVersion,
        name,
        source,
        revision,
        licence,
        description,
        architecture,
        dimension,
        maxSeqLength,
        pooling,
        normalize,
        ofSentences,
        precision,
        opset,
        files,
        toolVersion,
        created,
        notes,
        ofQuestions,
        trained);
  }

  /** The same model with another prompt before sentences. */
  public BundleManifest withPrompt(String text) {
    return with(text, queryPrompt, matryoshkaDimensions);
  }

  /** The same model with a prompt before questions; null for none of their own. */
  public BundleManifest withQueryPrompt(String text) {
    return with(prompt, text, matryoshkaDimensions);
  }

  /** The same model with lengths that its embeddings may be cut to; null if nothing is known. */
  public BundleManifest withMatryoshkaDimensions(List<Integer> trained) {
    return with(prompt, queryPrompt, trained);
  }

  /** Text put before a question in a search. */
  public String promptOfQuestions() {
    return queryPrompt == null ? prompt : queryPrompt;
  }

  /**
   * The content of a manifest's file.
   *
   * @throws IllegalArgumentException if it has more than a megabyte
   * @throws IOException if it cannot be read
   */
  public static byte[] readBytes(InputStream in) throws IOException {
    byte[] json = in.readNBytes(LARGEST + 1);
    if (json.length > LARGEST) {
      throw new IllegalArgumentException(
          "it must have at most %d bytes, found more".formatted(LARGEST));
    }
    return json;
  }

  /**
   * Reads a manifest in UTF-8.
   *
   * @throws IllegalArgumentException if it is none; the message gives the reason
   */
  public static BundleManifest parse(byte[] json) {
    return parse(new String(json, StandardCharsets.UTF_8));
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
      throw new IllegalArgumentException(reason(e), e);
    }
  }

  private static String reason(JsonProcessingException e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    if (!(reason instanceof JsonProcessingException json)) {
      return reason.getMessage();
    }
    String message = json.getOriginalMessage();
    if (!(json instanceof MismatchedInputException found) || found.getPath().isEmpty()) {
      return message;
    }
    String key =
        found.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .filter(Objects::nonNull)
            .reduce("it", (outer, inner) -> inner);
    return message.startsWith("Cannot map `null`") ? key + " is missing" : key + ": " + message;
  }

  /**
   * Identifies the model: SHA-256 over all that changes the vectors that it gives. The models of
   * two manifests have equal ones exactly if they differ in names, sources, dates and other words
   * only.
   */
  public String identity() {
    return Checksums.sha256(List.of(network(), Integer.toString(maxSeqLength), prompt));
  }

  /**
   * Identifies the model but for its limit of tokens and its prompt: SHA-256 over the names and
   * contents of the files, and over what is done beside the graph.
   */
  public String network() {
    List<String> parts = new ArrayList<>();
    files.stream()
        .sorted(Comparator.comparing(BundleFile::name))
        .forEach(file -> parts.addAll(List.of(file.name(), file.sha256())));
    parts.add(Integer.toString(dimension));
    parts.add(Boolean.toString(normalize));
    return Checksums.sha256(parts);
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
