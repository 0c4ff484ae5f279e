package org.sparkgbert.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.convert.graph.EncoderGraph;
import org.sparkgbert.convert.graph.Int8Plan;
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
 * inputs of each matrix and the vectors that other texts should have. The first plan whose loss on
 * those is small at every length is taken.
 */
final class Int8Import {
  private static final String FLOAT32 = "import it with --precision float32";
  private static final String FLOAT32_FILE = "float32.onnx";

  private final BundleWriter writer;
  private final SentenceModel model;
  private final Weights weights;
  private final Int8Attention attention;
  private final int threads = Runtime.getRuntime().availableProcessors();

  private Int8Import(
      BundleWriter writer, SentenceModel model, Weights weights, Int8Attention attention) {
    this.writer = writer;
    this.model = model;
    this.weights = weights;
    this.attention = attention;
  }

  /**
   * What was written.
   *
   * @param unknown unknown tensors of the checkpoint, which were left out
   * @param notes how much accuracy was lost, for display
   */
  record Written(List<String> unknown, List<String> notes) {}

  /**
   * A plan that was tried.
   *
   * @param unknown unknown tensors of the checkpoint
   */
  private record Trial(Int8Plan plan, List<String> unknown, Int8Loss loss) {
    Written written(String remedy) {
      return new Written(unknown, loss.notes(plan.toString(), remedy));
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
      BundleWriter writer,
      SentenceModel model,
      Weights weights,
      String prompt,
      int maxSeqLength,
      Int8Attention attention)
      throws IOException {
    CalibrationTexts texts = CalibrationTexts.read();
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(
            writer.file(BundleManifest.TOKENIZER_FILE),
            EncoderSettings.on(DeviceSettings.cpu(1)).cleaner(),
            prompt,
            maxSeqLength,
            LongText.CUT)) {
      return new Int8Import(writer, model, weights, attention)
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
    return writeSmallLoss(seen, heldOut, expected).written(remedy());
  }

  /** Plans in the order of their speed. */
  private List<Int8Plan> plans() {
    if (attention == Int8Attention.ALWAYS) {
      return List.of(new Int8Plan(32, 0));
    }
    int layers = model.encoder().shape().layers();
    return Stream.of(
            new Int8Plan(32, 0), new Int8Plan(32, layers / 2), new Int8Plan(16, layers / 2))
        .distinct()
        .toList();
  }

  /** The first plan that is safe; if none is, the one whose worst text is the best. */
  private Trial writeSmallLoss(Observations seen, List<long[]> heldOut, List<float[]> expected)
      throws IOException {
    Trial best = null;
    Trial latest = null;
    for (Int8Plan plan : plans()) {
      latest = new Trial(plan, writeInt8(seen, plan), loss(heldOut, expected));
      if (latest.loss().isSafe()) {
        return latest;
      }
      if (best == null || latest.loss().worst() > best.loss().worst()) {
        best = latest;
      }
    }
    if (!best.plan().equals(latest.plan())) {
      writeInt8(seen, best.plan());
    }
    return best;
  }

  /** What to do if too much is lost. */
  private String remedy() {
    return switch (attention) {
      case MEASURED -> FLOAT32;
      case ALWAYS -> "leave out --int8-attention always, or " + FLOAT32;
    };
  }

  private List<String> writeInt8(Observations seen, Int8Plan plan) throws IOException {
    return EncoderGraph.writeInt8(
        writer.file(BundleManifest.MODEL_FILE), model.encoder(), weights, model.head(), seen, plan);
  }

  private Int8Loss loss(List<long[]> heldOut, List<float[]> expected) {
    try (GraphProbe graph = GraphProbe.open(writer.file(BundleManifest.MODEL_FILE), threads)) {
      List<float[]> found = embeddings(graph, heldOut);
      return Int8Loss.of(
          heldOut.stream().mapToInt(tokens -> tokens.length).toArray(),
          IntStream.range(0, found.size())
              .mapToDouble(i -> cosine(expected.get(i), found.get(i)))
              .toArray());
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
    return product / (Math.sqrt(firstSquares) * Math.sqrt(secondSquares));
  }
}
