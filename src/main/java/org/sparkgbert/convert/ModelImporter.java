package org.sparkgbert.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.EncoderGraph;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.model.Version;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.OnnxException;
import org.sparkgbert.settings.Labels;

/**
 * Turns a checkpoint or an ONNX file into a bundle, which is written in a hidden directory, opened,
 * tried on a sentence, and published if all of that succeeded.
 */
public final class ModelImporter {
  private static final String SENTENCE = "Guten Morgen, wie geht es Ihnen?";
  private final ImportRequest request;
  private final WriteMode mode;

  private ModelImporter(ImportRequest request, WriteMode mode) {
    this.request = request;
    this.mode = mode;
  }

  /**
   * Imports a model to a directory that does not exist.
   *
   * @return the bundle, opened and verified
   * @throws IllegalArgumentException if a file is missing, damaged or requires something that is
   *     not supported, or if the output exists, or is, holds or lies in the input
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Bundle run(ImportRequest request) {
    return run(request, WriteMode.ERROR);
  }

  /**
   * Imports a model.
   *
   * @param mode what happens if the output exists; only a bundle is ever overwritten
   * @return the bundle, opened and verified
   * @throws IllegalArgumentException if a file is missing, damaged or requires something that is
   *     not supported, if the output exists and must not be overwritten, or if another process is
   *     writing it
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static Bundle run(ImportRequest request, WriteMode mode) {
    return new ModelImporter(request, mode).run();
  }

  /**
   * Looks whether a bundle may be written, before work is spent on it.
   *
   * @throws IllegalArgumentException if it exists and must not be overwritten
   */
  static void requireFree(Path output, WriteMode mode) {
    try {
      BundlePublication.requireFree(output, mode);
    } catch (IOException e) {
      throw cannotWrite(output, e);
    }
  }

  private static UncheckedIOException cannotWrite(Path output, IOException e) {
    return new UncheckedIOException(
        "Cannot write bundle %s: %s".formatted(output, e.getMessage()), e);
  }

  private Bundle run() {
    requireSeparate();
    try (BundleWriter writer = new BundleWriter(request.output(), mode)) {
      if (Files.isRegularFile(request.origin().files())) {
        requireFloat32();
        OnnxImport.write(request, writer);
      } else {
        writeCheckpoint(writer);
      }
      tryOut(writer.staged());
      writer.commit();
      return Bundle.open(request.output());
    } catch (IOException e) {
      throw cannotWrite(request.output(), e);
    }
  }

  private void requireSeparate() {
    try {
      BundlePublication.requireSeparate(request.output(), request.origin().files());
      if (request.overrides().tokenizer().isPresent()) {
        BundlePublication.requireSeparate(
            request.output(), request.overrides().tokenizer().orElseThrow());
      }
    } catch (IOException e) {
      throw cannotWrite(request.output(), e);
    }
  }

  private void requireFloat32() {
    if (request.precision() != ElementType.FLOAT32) {
      throw new IllegalArgumentException(
          "Cannot import %s: an ONNX file keeps its precision, found precision %s"
              .formatted(request.origin().name(), name(request.precision())));
    }
  }

  private void writeCheckpoint(BundleWriter writer) throws IOException {
    ImportRequest.Overrides overrides = request.overrides();
    if (overrides.tokenizer().isPresent()
        || !overrides.pooling().isEmpty()
        || overrides.normalize()) {
      throw new IllegalArgumentException(
          "Cannot import checkpoint %s: tokenizer, pooling and normalization come from its files"
              .formatted(request.origin().name()));
    }
    SentenceModel model = SentenceModelReader.read(new CheckpointFiles(request.origin().files()));
    requirePooledPrompt(model);
    int rows = model.encoder().shape().vocabulary();
    ImportedTokenizer tokenizer = TokenizerJson.read(model.transformer(), model.lowerCase(), rows);
    TokenIds.requireAtMost(tokenizer.content(), rows);
    List<String> notes = new ArrayList<>(model.notes());
    notes.addAll(tokenizer.notes());
    writer.addTokenizer(tokenizer.content(), request.origin().name());
    try (Weights weights = WeightFiles.open(model.transformer().directory())) {
      List<String> unknown = writeGraph(writer, model, weights, notes);
      if (!unknown.isEmpty()) {
        notes.add("unknown tensors left out: " + String.join(", ", unknown));
      }
    }
    writer.stage(files -> manifest(model, files, notes));
  }

  private void requirePooledPrompt(SentenceModel model) {
    if (!model.includePrompt() && !prompt(model).isEmpty()) {
      throw new IllegalArgumentException(
          ("Cannot import model: pooling leaves the prompt out (include_prompt false in the"
                  + " config.json of Pooling), which is not supported with a prompt, found '%s'")
              .formatted(prompt(model)));
    }
  }

  private List<String> writeGraph(
      BundleWriter writer, SentenceModel model, Weights weights, List<String> notes)
      throws IOException {
    if (request.precision() == ElementType.INT8) {
      Int8Import.Written written =
          Int8Import.write(
              writer, model, weights, prompt(model), maxSeqLength(model), request.int8Attention());
      notes.addAll(written.notes());
      return written.unknown();
    }
    Path file = writer.file(BundleManifest.MODEL_FILE);
    return EncoderGraph.write(file, model.encoder(), weights, request.precision(), model.head());
  }

  private String prompt(SentenceModel model) {
    return request.overrides().prompt().orElse(model.prompt());
  }

  private int maxSeqLength(SentenceModel model) {
    return maxSeqLength(request.overrides(), model.maxSeqLength());
  }

  private BundleManifest manifest(SentenceModel model, List<BundleFile> files, List<String> notes) {
    EncoderShape shape = model.encoder().shape();
    ImportRequest.Origin origin = request.origin();
    return new BundleManifest(
            BundleManifest.FORMAT_VERSION,
            origin.name(),
            origin.source(),
            origin.revision(),
            origin.licence().isEmpty() ? model.licence() : origin.licence(),
            "Imported from " + origin.source() + ".",
            new Architecture(
                shape.family(),
                shape.layers(),
                shape.hiddenSize(),
                shape.heads(),
                shape.vocabulary()),
            model.head().dimension(shape.hiddenSize()),
            maxSeqLength(model),
            name(model.head().pooling()),
            model.head().hasUnitLength(shape.hiddenSize()),
            prompt(model),
            name(request.precision()),
            EncoderGraph.OPSET,
            files,
            Version.CURRENT,
            now(),
            notes)
        .withQueryPrompt(queryPrompt(model))
        .withMatryoshkaDimensions(model.matryoshka().orElse(null));
  }

  /** Null if questions have the prompt of all texts; or if pooling would have to leave it out. */
  private String queryPrompt(SentenceModel model) {
    boolean isOther =
        model.includePrompt()
            && !model.queryPrompt().isEmpty()
            && !model.queryPrompt().equals(prompt(model));
    return isOther ? model.queryPrompt() : null;
  }

  static int maxSeqLength(ImportRequest.Overrides overrides, int most) {
    int wanted = overrides.maxSeqLength().orElse(most);
    if (wanted < 1 || wanted > most) {
      throw new IllegalArgumentException(
          "Cannot import model: max_seq_length must be from 1 to %d, found %d"
              .formatted(most, wanted));
    }
    return wanted;
  }

  private static String name(ElementType precision) {
    return Labels.of(precision);
  }

  static String name(List<Pooling> pooling) {
    return String.join("+", pooling.stream().map(Labels::of).toList());
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A bundle that ONNX Runtime or the tokenizer rejects never gets its final name. */
  private static void tryOut(Path staged) {
    EncoderSettings settings = EncoderSettings.on(DeviceSettings.cpu(1));
    try (SentenceEncoder encoder = SentenceEncoder.open(Bundle.open(staged), settings)) {
      requireDirection(tried(encoder));
    }
  }

  private static float[] tried(SentenceEncoder encoder) {
    try {
      return encoder.encode(List.of(SENTENCE))[0];
    } catch (OnnxException e) {
      throw new IllegalArgumentException(
          "Cannot import model: it cannot encode '%s': %s".formatted(SENTENCE, e.getMessage()), e);
    }
  }

  private static void requireDirection(float[] embedding) {
    for (float value : embedding) {
      if (value != 0) {
        return;
      }
    }
    throw new IllegalArgumentException(
        "Cannot import model: its embedding of '%s' is zero in all %d dimensions"
            .formatted(SENTENCE, embedding.length));
  }
}
