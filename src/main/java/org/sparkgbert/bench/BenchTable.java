package org.sparkgbert.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A result as lines of at most 100 characters. */
public final class BenchTable {
  private static final int LABEL = 24;
  private static final int COLUMN = 28;

  private final List<String> lines = new ArrayList<>();

  private BenchTable() {}

  /** The lines of a result. */
  public static List<String> lines(BenchResult result) {
    BenchTable table = new BenchTable();
    table.head(result);
    result.candidates().forEach(table::model);
    table.comparisons(result);
    return table.lines;
  }

  private void add(String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private void head(BenchResult result) {
    Machine machine = result.machine();
    add(
        "Machine   %s, %s, %.1f GB of memory",
        machine.cpu(), cores(machine.cores()), machine.memoryBytes() / 1e9);
    add(
        "          %s, Java %s%s",
        machine.system(),
        machine.java(),
        machine.spark().isEmpty() ? "" : ", Spark " + machine.spark());
    add("          ONNX Runtime %s on %s", machine.onnxruntime(), machine.device());
    add(
        "Figures   of %s: the median%s",
        result.rounds() == 1 ? "1 round" : result.rounds() + " rounds",
        result.rounds() == 1 ? "" : ", in brackets the lowest and the highest");
  }

  private static String cores(int cores) {
    return cores == 1 ? "1 core" : cores + " cores";
  }

  private void model(ModelResult found) {
    ModelShape shape = found.shape();
    FlopPerToken flop = found.flopPerToken();
    add("");
    add("%s", found.name());
    add(
        "Model     %d layers of hidden size %,d, %,.1f MFLOP per token: linear layers %,.1f,"
            + " attention %,.1f",
        shape.layers(),
        shape.hidden(),
        flop.sum() / 1e6,
        flop.linear() / 1e6,
        flop.attention() / 1e6);
    TextsUsed texts = found.texts();
    add(
        "Texts     %,d of %s, %,d tokens: median %,d, 95 %% have at most %,d",
        texts.count(),
        texts.distribution(),
        texts.tokens(),
        texts.medianTokens(),
        texts.percentile95Tokens());
    add("");
    row("", found.encoder().stream().map(rate -> cores(rate.cores())).toList(), ratioTitle(found));
    limits(found);
    encoder(found);
    if (!found.jobs().isEmpty()) {
      jobs(found);
    }
    memory(found);
    corpus(found.corpus());
  }

  private static String ratioTitle(ModelResult found) {
    return found.coresRatio() == null ? "" : found.coresRatio().cores() + " over 1";
  }

  private void row(String label, List<String> values, String ratio) {
    StringBuilder line = new StringBuilder(pad(label, LABEL));
    values.forEach(value -> line.append(pad(value, COLUMN)));
    lines.add((line + ratio).stripTrailing());
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private void limits(ModelResult found) {
    for (String precision : found.limits().stream().map(Limit::precision).distinct().toList()) {
      List<String> values =
          found.limits().stream()
              .filter(limit -> limit.precision().equals(precision))
              .map(limit -> text(limit.gigaflops(), 1))
              .toList();
      row("limit " + precision + ", GFLOP/s", values, "");
    }
  }

  private void encoder(ModelResult found) {
    Function<Function<EncoderRate, String>, List<String>> each =
        value -> found.encoder().stream().map(value).toList();
    row(
        "encoder, tokens/s",
        each.apply(rate -> text(rate.tokensPerSecond(), 0)),
        found.coresRatio() == null ? "" : text(found.coresRatio().encoder(), 2));
    row("  sentences/s", each.apply(rate -> text(rate.sentencesPerSecond(), 1)), "");
    row("  GFLOP/s", each.apply(rate -> text(rate.gigaflops(), 1)), "");
    row("  share of the limit", each.apply(rate -> text(rate.shareOfLimit(), 3)), "");
    row("  padding", each.apply(rate -> percent(rate.paddingShare())), "");
    EncoderRate most = found.encoderOnMostCores();
    EncoderRate.Stages time = most.stages();
    shares(
        "  time, " + cores(most.cores()),
        List.of("tokenize", "batch", "run", "copy", "wait"),
        time.tokenize(),
        time.batch(),
        time.run(),
        time.copy(),
        time.other());
  }

  private void jobs(ModelResult found) {
    Function<Function<JobRate, String>, List<String>> each =
        value -> found.jobs().stream().map(value).toList();
    row(
        "job, tokens/s",
        each.apply(rate -> text(rate.tokensPerSecond(), 0)),
        found.coresRatio() == null ? "" : text(found.coresRatio().job(), 2));
    row("  share of the encoder", each.apply(rate -> text(rate.shareOfEncoder(), 3)), "");
    row("  first batch after, s", each.apply(rate -> text(rate.coldStartSeconds(), 1)), "");
    row("  end after, s", each.apply(rate -> text(rate.seconds(), 1)), "");
    row("  peak memory, MB", each.apply(rate -> megabytes(rate.peakMemoryBytes())), "");
    JobRate most = found.jobs().get(found.jobs().size() - 1);
    JobRate.Stages time = most.stages();
    shares(
        "  time, " + cores(most.cores()),
        List.of("read", "tokenize", "batch", "run", "copy", "write"),
        time.read(),
        time.tokenize(),
        time.batch(),
        time.run(),
        time.copy(),
        time.write());
  }

  private void shares(String label, List<String> names, double... seconds) {
    double sum = Math.max(Double.MIN_VALUE, Arrays.stream(seconds).sum());
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      parts.add(names.get(i) + " " + percent(seconds[i] / sum));
    }
    row(label, List.of(String.join(", ", parts)), "");
  }

  private void memory(ModelResult found) {
    TaskMemory memory = found.memory();
    if (memory != null) {
      row(
          "memory, " + memory.tasks() + " tasks over 1",
          List.of(
              "%s (%s MB over %s MB)"
                  .formatted(
                      number(memory.ratio().median(), 2),
                      number(memory.tasksBytes().median() / 1e6, 0),
                      number(memory.oneTaskBytes().median() / 1e6, 0))),
          "");
    }
  }

  private void corpus(CorpusEstimate corpus) {
    if (corpus != null) {
      row("this corpus", List.of(corpus.extent()), "");
      row("", List.of(corpus.size()), "");
      row("  at the " + corpus.rateOf() + "'s rate", List.of(corpus.time()), "");
    }
  }

  private void comparisons(BenchResult result) {
    for (Comparison each : result.comparisons()) {
      add("");
      add("%s over %s, sentences/s on %s", each.candidate(), each.baseline(), cores(each.cores()));
      row("encoder", List.of(text(each.encoder(), 2)), "");
      if (each.job() != null) {
        row("job", List.of(text(each.job(), 2)), "");
      }
    }
  }

  private static String text(MedianAndRange value, int decimals) {
    if (value == null) {
      return "not measured";
    }
    String median = number(value.median(), decimals);
    return value.rounds() == 1
        ? median
        : "%s (%s to %s)"
            .formatted(median, number(value.lowest(), decimals), number(value.highest(), decimals));
  }

  private static String megabytes(MedianAndRange bytes) {
    return bytes == null
        ? "not measured"
        : text(
            new MedianAndRange(
                bytes.median() / 1e6, bytes.lowest() / 1e6, bytes.highest() / 1e6, bytes.rounds()),
            0);
  }

  private static String number(double value, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
