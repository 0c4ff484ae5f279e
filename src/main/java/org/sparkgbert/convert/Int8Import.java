package org.sparkgbert.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.graph.EncoderGraph;
import org.sparkgbert.convert.graph.Observations;
import org.sparkgbert.convert.graph.SentenceGraph;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.GraphProbe;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;

/**
 * Writes a checkpoint as an int8 graph: the float32 graph, which is deleted at the end, shows the
 * inputs of each matrix and the vectors that other sentences should have.
 */
final class Int8Import {
  /** One input channel in this many stays float32. */
  private static final int CHANNELS_PER_OUTLIER = 32;

  /** The same if that loses too much accuracy; it costs speed. */
  private static final int FEWER_CHANNELS_PER_OUTLIER = 16;

  private static final double LEAST_MEAN = 0.998;
  private static final double LEAST_WORST = 0.98;
  private static final String FLOAT32_FILE = "float32.onnx";

  private final BundleWriter writer;
  private final SentenceModel model;
  private final Weights weights;
  private final int threads = Runtime.getRuntime().availableProcessors();

  private Int8Import(BundleWriter writer, SentenceModel model, Weights weights) {
    this.writer = writer;
    this.model = model;
    this.weights = weights;
  }

  /**
   * What was written.
   *
   * @param unknown unknown tensors of the checkpoint, which were left out
   * @param note how much accuracy was lost, for display
   */
  record Written(List<String> unknown, String note) {}

  /**
   * Cosine similarities between int8 and float32.
   *
   * @param mean from -1 to 1
   * @param worst from -1 to 1
   */
  private record Loss(int sentences, int channelsPerOutlier, double mean, double worst) {
    boolean isSmall() {
      return mean >= LEAST_MEAN && worst >= LEAST_WORST;
    }

    String note() {
      return String.format(
          Locale.ROOT,
          "int8 against float32 on %d German sentences: mean cosine %.5f, worst %.4f"
              + " (one input channel in %d in float32)%s",
          sentences,
          mean,
          worst,
          channelsPerOutlier,
          isSmall() ? "" : "; that is a large loss: try float32");
    }
  }

  /**
   * Writes the graph of a bundle whose tokenizer has been written.
   *
   * @param prompt text put before each sentence
   * @param maxSeqLength maximum number of tokens per text
   * @throws IOException if a file cannot be written
   */
  static Written write(
      BundleWriter writer, SentenceModel model, Weights weights, String prompt, int maxSeqLength)
      throws IOException {
    CalibrationTexts texts = CalibrationTexts.read();
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(
            writer.file(BundleManifest.TOKENIZER_FILE),
            EncoderSettings.on(DeviceSettings.cpu(1)).cleaner(),
            prompt,
            maxSeqLength,
            LongText.CUT)) {
      return new Int8Import(writer, model, weights)
          .write(tokens(tokenizer, texts.observed()), tokens(tokenizer, texts.heldOut()));
    }
  }

  private static List<long[]> tokens(SentenceTokenizer tokenizer, List<String> texts) {
    return texts.stream().map(text -> tokenizer.tokenize(text).sequences().get(0)).toList();
  }

  private Written write(List<long[]> observed, List<long[]> heldOut) throws IOException {
    Path float32 = writer.file(FLOAT32_FILE);
    EncoderGraph.writeObserved(float32, model.encoder(), weights, model.head());
    Observations seen = new Observations();
    List<float[]> expected;
    try (GraphProbe graph = GraphProbe.open(float32, threads)) {
      for (long[] tokens : observed) {
        seen.add(graph.run(tokens), tokens.length);
      }
      expected = embeddings(graph, heldOut);
    }
    Files.delete(float32);
    Files.deleteIfExists(float32.resolveSibling(FLOAT32_FILE + ".data"));
    return writeSmallLoss(seen, heldOut, expected);
  }

  private Written writeSmallLoss(Observations seen, List<long[]> heldOut, List<float[]> expected)
      throws IOException {
    List<String> unknown = writeInt8(seen, CHANNELS_PER_OUTLIER);
    Loss loss = loss(heldOut, expected, CHANNELS_PER_OUTLIER);
    if (!loss.isSmall()) {
      unknown = writeInt8(seen, FEWER_CHANNELS_PER_OUTLIER);
      loss = loss(heldOut, expected, FEWER_CHANNELS_PER_OUTLIER);
    }
    return new Written(unknown, loss.note());
  }

  private List<String> writeInt8(Observations seen, int channelsPerOutlier) throws IOException {
    return EncoderGraph.writeInt8(
        writer.file(BundleManifest.MODEL_FILE),
        model.encoder(),
        weights,
        model.head(),
        seen,
        channelsPerOutlier);
  }

  private Loss loss(List<long[]> heldOut, List<float[]> expected, int channelsPerOutlier) {
    try (GraphProbe graph = GraphProbe.open(writer.file(BundleManifest.MODEL_FILE), threads)) {
      List<float[]> found = embeddings(graph, heldOut);
      double sum = 0;
      double worst = 1;
      for (int i = 0; i < found.size(); i++) {
        double cosine = cosine(expected.get(i), found.get(i));
        sum += cosine;
        worst = Math.min(worst, cosine);
      }
      return new Loss(found.size(), channelsPerOutlier, sum / found.size(), worst);
    }
  }

  private static List<float[]> embeddings(GraphProbe graph, List<long[]> sequences) {
    List<float[]> vectors = new ArrayList<>();
    for (long[] tokens : sequences) {
      Map<String, float[]> outputs = graph.run(tokens);
      vectors.add(outputs.get(SentenceGraph.OUTPUT));
    }
    return vectors;
  }

  private static double cosine(float[] first, float[] second) {
    double product = 0;
    double firstSquares = Double.MIN_NORMAL;
    double secondSquares = Double.MIN_NORMAL;
    for (int i = 0; i < first.length; i++) {
      product += (double) first[i] * second[i];
      firstSquares += (double) first[i] * first[i];
      secondSquares += (double) second[i] * second[i];
    }
    return product / Math.sqrt(firstSquares * secondSquares);
  }
}
