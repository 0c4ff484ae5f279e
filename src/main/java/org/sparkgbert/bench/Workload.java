package org.sparkgbert.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.sparkgbert.action.Amount;
import org.sparkgbert.batch.Batch;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.settings.Settings;

/**
 * The texts of one pass: for each core, windows that it encodes one after the other.
 *
 * <p>A slow model has no time for whole windows. Smaller windows would leave fewer texts to sort,
 * and so more padding than in a large corpus; so whole windows are divided into batches, and evenly
 * spaced batches are kept.
 *
 * @param cores the windows of each core, none of them empty
 */
record Workload(List<List<List<CountedText>>> cores) {
  private static final int WINDOW = Settings.NONE.get(EncoderOptions.WINDOW_ROWS);
  private static final Batcher BATCHER = new Batcher(new Device.Cpu(1).tokenBudget());

  /**
   * Texts with about this many tokens.
   *
   * @param tokens total for all cores
   * @throws IllegalArgumentException if the source has fewer texts than there are cores
   */
  static Workload ofTokens(TextSource source, int cores, double tokens) {
    double each = tokens / cores;
    List<List<List<CountedText>>> parts = new ArrayList<>();
    for (List<CountedText> window : firstWindows(source, cores)) {
      List<List<CountedText>> windows = new ArrayList<>();
      double left = each;
      for (List<CountedText> next = window; left > 0 && !next.isEmpty(); ) {
        double all = tokensOf(next);
        windows.add(left < all ? evenlySpaced(next, left / all) : next);
        left -= all;
        next = left > 0 ? source.take(WINDOW) : List.of();
      }
      parts.add(windows);
    }
    return new Workload(parts);
  }

  /** A small corpus is divided evenly. */
  private static List<List<CountedText>> firstWindows(TextSource source, int cores) {
    return divide(source.take(Math.multiplyExact(cores, WINDOW)), cores);
  }

  private static List<List<CountedText>> divide(List<CountedText> texts, int parts) {
    if (texts.size() < parts) {
      throw new IllegalArgumentException(
          "Cannot measure: each of %d cores needs a text, found %s"
              .formatted(parts, Amount.of(texts.size(), "text")));
    }
    List<List<CountedText>> divided = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) texts.size() * part / parts);
      divided.add(texts.subList(from, (int) ((long) texts.size() * (part + 1) / parts)));
    }
    return divided;
  }

  /**
   * This many texts, however long they take.
   *
   * @throws IllegalArgumentException if the source has fewer texts than there are cores
   */
  static Workload ofTexts(TextSource source, int cores, int texts) {
    return new Workload(
        divide(source.take(texts), cores).stream()
            .map(part -> divide(part, (part.size() + WINDOW - 1) / WINDOW))
            .toList());
  }

  /** Batches of a window, evenly spaced from the longest to the shortest; at least one. */
  private static List<CountedText> evenlySpaced(List<CountedText> window, double share) {
    List<Batch> batches = batches(window);
    int wanted = (int) Math.max(1, Math.round(share * batches.size()));
    List<CountedText> kept = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      kept.addAll(texts(window, batches.get((int) ((i + 0.5) * batches.size() / wanted))));
    }
    return kept;
  }

  /**
   * For each task, the batch that takes the most memory, so that concurrent tasks process such
   * batches at the same time.
   *
   * @param tasks number of tasks; if there are fewer windows, tasks share them
   */
  List<List<CountedText>> largestBatches(int tasks) {
    List<List<CountedText>> all =
        cores.stream()
            .flatMap(List::stream)
            .flatMap(window -> batches(window).stream().map(batch -> texts(window, batch)))
            .sorted(Comparator.comparingLong(Workload::tokensOf).reversed())
            .limit(tasks)
            .toList();
    List<CountedText> texts = all.stream().flatMap(List::stream).toList();
    return all.size() == tasks ? all : divide(texts, Math.min(tasks, texts.size()));
  }

  private static List<Batch> batches(List<CountedText> window) {
    return BATCHER.batches(window.stream().mapToInt(CountedText::tokens).toArray());
  }

  private static List<CountedText> texts(List<CountedText> window, Batch batch) {
    return Arrays.stream(batch.sequences()).mapToObj(window::get).toList();
  }

  private static long tokensOf(List<CountedText> texts) {
    return texts.stream().mapToLong(CountedText::tokens).sum();
  }

  /** The texts of the first cores, one file per core. */
  List<List<CountedText>> files(int count) {
    return cores.subList(0, count).stream()
        .map(windows -> windows.stream().flatMap(List::stream).toList())
        .toList();
  }

  /** The windows of the first cores, beginning with the first window of each core. */
  List<List<String>> windows(int count) {
    List<List<String>> all = new ArrayList<>();
    int most = cores.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      for (List<List<CountedText>> windows : cores.subList(0, count)) {
        if (i < windows.size()) {
          all.add(windows.get(i).stream().map(CountedText::text).toList());
        }
      }
    }
    return all;
  }

  /** Number of tokens of each text. */
  int[] tokens() {
    return cores.stream()
        .flatMap(List::stream)
        .flatMap(List::stream)
        .mapToInt(CountedText::tokens)
        .toArray();
  }

  /** What a result says about the texts. */
  TextsUsed describe(String distribution) {
    int[] sorted = Arrays.stream(tokens()).sorted().toArray();
    return new TextsUsed(
        distribution,
        sorted.length,
        Arrays.stream(sorted).asLongStream().sum(),
        sorted[(sorted.length - 1) / 2],
        sorted[(int) Math.ceil(0.95 * sorted.length) - 1]);
  }
}
