package org.sparkgbert.convert.encoder;

import java.util.List;
import java.util.stream.Collectors;
import org.sparkgbert.convert.checkpoint.Quoted;
import org.sparkgbert.convert.graph.Encoder;

/** All architectures. */
public final class EncoderFamilies {
  /** What to do with a model that cannot be imported as a checkpoint. */
  public static final String READY_ONNX =
      "import a ready ONNX file: jobs/import-model.sh MODEL.onnx";

  private static final List<EncoderFamily> ALL =
      List.of(
          new Bert(),
          new Roberta(),
          new DistilBert(),
          new Electra(),
          new Mpnet(),
          new ModernBert());

  private EncoderFamilies() {}

  /**
   * Reads an encoder.
   *
   * @param config a transformer's {@code config.json}
   * @throws IllegalArgumentException if something in it is not supported; the message names it
   */
  public static Encoder read(ConfigFile config) {
    String type = config.text("model_type", "");
    EncoderFamily family =
        ALL.stream()
            .filter(each -> each.modelTypes().contains(type))
            .findFirst()
            .orElseThrow(() -> unknown(type));
    family.keys().check(config);
    return family.read(new EncoderConfig(config));
  }

  private static IllegalArgumentException unknown(String type) {
    String known =
        ALL.stream()
            .flatMap(family -> family.modelTypes().stream())
            .sorted()
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "Cannot import model: in config.json model_type must be one of %s, found %s; else %s"
            .formatted(known, Quoted.of(type), READY_ONNX));
  }
}
