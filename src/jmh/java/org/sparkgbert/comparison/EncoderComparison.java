package org.sparkgbert.comparison;

import ai.djl.ModelException;
import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sparkgbert.convert.ImportRequest;
import org.sparkgbert.convert.ModelImporter;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.vector.Similarity;

/**
 * Encodes the same sentences with our encoder and with others, all over the same ONNX Runtime, on
 * all cores, in turns, and prints how many times longer the others take.
 */
public final class EncoderComparison {
  private static final int ROUNDS = 7;

  /** Threads of the contender before may spin for a while. */
  private static final int REST_MILLIS = 50;

  /** Rounding; another prompt or pooling would show far below it. */
  private static final double SAME = 0.999;

  private EncoderComparison() {}

  /**
   * Runs it.
   *
   * @param args the build's directory, where the model's ONNX file lies
   */
  public static void main(String[] args) throws IOException, ModelException, InterruptedException {
    Engine.getEngine("OnnxRuntime"); // DJL refuses an ONNX Runtime that others started before it
    Path build = Path.of(args[0]);
    int cores = Runtime.getRuntime().availableProcessors();
    List<String> sentences = SampleSentences.read();
    System.out.printf(
        Locale.ROOT, "e5-small-v2, %d sentences, %d cores%n", sentences.size(), cores);
    List<Contender> contenders = open(build, cores);
    report(contenders, lowestCosines(contenders, sentences), times(contenders, sentences));
    contenders.forEach(Contender::close);
  }

  private static List<Contender> open(Path build, int cores) throws IOException, ModelException {
    Path onnx = build.resolve("compared-model").resolve("e5-small-v2.onnx");
    Path tokenizer = onnx.resolveSibling("e5-small-v2-tokenizer.json");
    SparkGbert ours = new SparkGbert(bundle(build, onnx, tokenizer), cores);
    return List.of(
        ours,
        new LangChain4j(onnx, tokenizer, ours.prompt(), cores),
        new LangChain4j(onnx, tokenizer, ours.prompt(), 1),
        new Djl(onnx, tokenizer, ours.prompt(), 8),
        new Djl(onnx, tokenizer, ours.prompt(), 32));
  }

  private static Path bundle(Path build, Path onnx, Path tokenizer) {
    ImportRequest request =
        new ImportRequest(
            new ImportRequest.Origin(onnx, "e5-small-v2", "intfloat/e5-small-v2", "", "MIT"),
            build.resolve("models").resolve("e5-small-v2"),
            ElementType.FLOAT32,
            new ImportRequest.Overrides(
                Optional.of("query: "),
                Optional.empty(),
                Optional.of(tokenizer),
                List.of(Pooling.MEAN),
                true));
    return ModelImporter.run(request, WriteMode.OVERWRITE).directory();
  }

  /**
   * For each contender, the cosine of the sentence on which it is farthest from ours. This warms
   * all of them up.
   */
  private static double[] lowestCosines(List<Contender> contenders, List<String> sentences) {
    List<float[]> ours = contenders.get(0).encode(sentences);
    double[] lowest = new double[contenders.size()];
    for (int i = 0; i < lowest.length; i++) {
      List<float[]> others = contenders.get(i).encode(sentences);
      lowest[i] = 1;
      for (int row = 0; row < ours.size(); row++) {
        double cosine = Similarity.COSINE.of(ours.get(row), others.get(row)).getAsDouble();
        lowest[i] = Math.min(lowest[i], cosine);
      }
      requireSame(contenders.get(i), lowest[i]);
    }
    return lowest;
  }

  private static void requireSame(Contender contender, double cosine) {
    if (cosine < SAME) {
      throw new IllegalStateException(
          "Cannot compare with %s: cosines must be at least %s, found %s"
              .formatted(contender.name(), SAME, cosine));
    }
  }

  /** Seconds of each round, for each contender; all take their turn in each round. */
  private static double[][] times(List<Contender> contenders, List<String> sentences)
      throws InterruptedException {
    double[][] seconds = new double[contenders.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < seconds.length; i++) {
        int turn = (i + round) % seconds.length;
        Thread.sleep(REST_MILLIS);
        long start = System.nanoTime();
        contenders.get(turn).encode(sentences);
        seconds[turn][round] = (System.nanoTime() - start) / 1e9;
      }
    }
    return seconds;
  }

  private static void report(List<Contender> contenders, double[] cosines, double[][] seconds) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < cosines.length; i++) {
      double[] ratios = ratios(seconds[i], seconds[0]);
      lines.add(
          String.format(
              Locale.ROOT,
              "%-44s %6.3f s  %5.2f times ours (%.2f to %.2f)  lowest cosine %.6f",
              contenders.get(i).name(),
              sorted(seconds[i])[ROUNDS / 2],
              ratios[ROUNDS / 2],
              ratios[0],
              ratios[ROUNDS - 1],
              cosines[i]));
    }
    System.out.printf("Medians of %d rounds; in brackets the lowest and highest ratio%n", ROUNDS);
    lines.forEach(System.out::println);
  }

  /** Of each round, from low to high. */
  private static double[] ratios(double[] seconds, double[] ours) {
    double[] ratios = new double[seconds.length];
    Arrays.setAll(ratios, round -> seconds[round] / ours[round]);
    return sorted(ratios);
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
