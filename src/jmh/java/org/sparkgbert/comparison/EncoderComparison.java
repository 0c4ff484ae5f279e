package org.sparkgbert.comparison;

import ai.djl.ModelException;
import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sparkgbert.action.Amount;
import org.sparkgbert.convert.Int8Attention;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Encodes the same sentences with our encoder and with others, on all cores, in turns, and prints
 * how many times longer the others take and how good their vectors are. Encoders of the JVM run
 * over the same ONNX Runtime; with a checkpoint, sentence-transformers takes part, each backend in
 * a process of its own.
 */
@Command(
    name = "comparison",
    mixinStandardHelpOptions = true,
    description = "Compares encoders: time, and what becomes of the vectors.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage",
      "77:skipped: a checkpoint is compared with Python, which or whose packages are not there"
    })
public final class EncoderComparison implements Callable<Integer> {
  /** It warns each time that a session asks for the environment that DJL made. */
  private static final Logger ONNX_RUNTIME = Logger.getLogger("ai.onnxruntime.OrtEnvironment");

  private static final String ATTENTION = "--int8-attention";
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** Threads of the contender before may spin for a while. */
  private static final int REST_MILLIS = 50;

  /** Rounding; another prompt or pooling would show far below it. */
  private static final double SAME = 0.999;

  @Parameters(paramLabel = "BUILD", description = "The build's directory, target.")
  private Path build;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      description =
          "Checkpoint of a sentence encoder, such as src/main/models/default. If it is left out:"
              + " e5-small-v2 as an ONNX file, without int8 and without sentence-transformers.")
  private Path checkpoint;

  @Option(
      names = ATTENTION,
      paramLabel = "measured|always",
      defaultValue = "measured",
      description = "Of our import in int8, as in import-model (default: ${DEFAULT-VALUE}).")
  private Int8Attention attention;

  @Option(
      names = "--pairs",
      paramLabel = "CSV",
      description =
          "Pairs with gold scores: sentence, sentence and score in each row, without a header. If"
              + " it is left out, the sample pairs.")
  private Path pairsFile;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      defaultValue = "400",
      description =
          "How many of the pairs' distinct sentences are timed, and encoded alone (default:"
              + " ${DEFAULT-VALUE}).")
  private int timed;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Number of rounds, in which each has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--others",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description =
          "Which of the others, by a part of their names, such as int8 (default: all). A part that"
              + " none has lists the names.")
  private Pattern others;

  @Spec private CommandSpec spec;

  /**
   * Runs it.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new EncoderComparison())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(new OneLine())
            .setExecutionExceptionHandler(new OneLine())
            .execute(args));
  }

  @Override
  public Integer call() throws IOException, ModelException, InterruptedException {
    requireUsable();
    GoldPairs pairs = pairsFile == null ? GoldPairs.sample() : GoldPairs.read(pairsFile);
    List<Other> chosen = chosen();
    ONNX_RUNTIME.setLevel(Level.SEVERE);
    Engine.getEngine("OnnxRuntime"); // DJL refuses an ONNX Runtime that others started before it
    if (checkpoint == null) {
      compare(ComparedModel.published(build), pairs, chosen);
      return 0;
    }
    int made = PythonModel.makeEnvironment(build);
    if (made == 0) {
      compare(ComparedModel.of(build, checkpoint.toRealPath(), attention), pairs, chosen);
    }
    return made;
  }

  private void requireUsable() {
    if (checkpoint != null && !Files.isDirectory(checkpoint)) {
      throw refused("--checkpoint has to be a directory", checkpoint);
    }
    if (checkpoint == null && spec.commandLine().getParseResult().hasMatchedOption(ATTENTION)) {
      throw refused(ATTENTION + " needs a --checkpoint, which is imported", "none");
    }
    if (pairsFile != null && !Files.isRegularFile(pairsFile)) {
      throw refused("--pairs has to be a file", pairsFile);
    }
    if (timed < 1) {
      throw refused("--sentences has to be at least 1", timed);
    }
    if (rounds < 1) {
      throw refused("--rounds has to be at least 1", rounds);
    }
  }

  private List<Other> chosen() {
    List<Other> all = Other.all(checkpoint != null, CORES);
    List<Other> chosen = all.stream().filter(each -> others.matcher(each.name()).find()).toList();
    if (chosen.isEmpty()) {
      String names = all.stream().map(Other::name).collect(Collectors.joining("; "));
      throw refused("--others has to match a part of one of: " + names, others);
    }
    return chosen;
  }

  private ParameterException refused(String rule, Object found) {
    return new ParameterException(
        spec.commandLine(), "Cannot compare: %s, found %s".formatted(rule, found));
  }

  private void compare(ComparedModel model, GoldPairs pairs, List<Other> chosen)
      throws IOException, ModelException {
    List<String> sentences = pairs.sentences();
    List<String> few = sentences.subList(0, Math.min(timed, sentences.size()));
    System.out.printf(
        Locale.ROOT,
        "%s, %d pairs, %d of %d sentences timed, %s, %s%n",
        model.manifest().name(),
        pairs.pairs().size(),
        few.size(),
        sentences.size(),
        Amount.of(rounds, "round"),
        Amount.of(CORES, "core"));
    model.bundles().forEach(bundle -> bundle.manifest().notes().forEach(System.out::println));
    List<Contender> contenders = model.open(CORES, chosen);
    try {
      List<Quality> qualities = qualities(contenders, pairs, few.size());
      report(contenders, qualities, new Turns(contenders, few, rounds, REST_MILLIS));
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private static List<Quality> qualities(List<Contender> contenders, GoldPairs pairs, int few) {
    List<float[]> expected = contenders.get(0).encode(pairs.sentences());
    if (expected.contains(null)) {
      throw new IllegalArgumentException(
          "Cannot compare: a sentence must have tokens, found '%s'"
              .formatted(pairs.sentences().get(expected.indexOf(null))));
    }
    List<Quality> qualities = new ArrayList<>();
    for (Contender contender : contenders) {
      Quality quality = Quality.of(contender, pairs, expected, few);
      if (contender.isFloat32() && quality.lowest() < SAME) {
        throw new IllegalStateException(
            "Cannot compare with %s: cosines must be at least %s, found %s"
                .formatted(contender.name(), SAME, quality.lowest()));
      }
      qualities.add(quality);
    }
    return qualities;
  }

  /** A table in Markdown, with times over those of each of our own encoders. */
  private void report(List<Contender> contenders, List<Quality> qualities, Turns turns) {
    List<Contender> ours = contenders.stream().filter(SparkGbert.class::isInstance).toList();
    List<String> head = new ArrayList<>(List.of("encoder", "s"));
    ours.forEach(each -> head.add("time over " + each.name()));
    head.addAll(List.of("mean cosine", "lowest", "Spearman", "alone, lowest"));
    System.out.printf(
        "Medians of %s; in brackets the lowest and highest ratio%n", Amount.of(rounds, "round"));
    System.out.println(row(head));
    System.out.println("|" + " --- |".repeat(head.size()));
    for (int i = 0; i < contenders.size(); i++) {
      List<String> cells = new ArrayList<>(List.of(contenders.get(i).name(), turns.seconds(i)));
      for (int own = 0; own < ours.size(); own++) {
        cells.add(turns.ratio(i, own));
      }
      Quality quality = qualities.get(i);
      double[] found = {quality.mean(), quality.lowest(), quality.spearman(), quality.alone()};
      Arrays.stream(found).forEach(value -> cells.add(String.format(Locale.ROOT, "%.5f", value)));
      System.out.println(row(cells));
    }
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
