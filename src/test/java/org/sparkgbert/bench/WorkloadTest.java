package org.sparkgbert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sparkgbert.batch.Batch;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.onnx.Device;

class WorkloadTest {
  private static final int BUDGET = new Device.Cpu(1).tokenBudget();

  /** Texts by number, with lengths of sentences. */
  private static TextSource sentences(int most) {
    SplittableRandom random = new SplittableRandom(1);
    List<CountedText> all = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      all.add(new CountedText("Satz " + i, TextLengths.STSB.draw(random)));
    }
    int[] next = {0};
    return count -> {
      int from = next[0];
      next[0] = Math.min(all.size(), from + count);
      return all.subList(from, next[0]);
    };
  }

  private static double paddingShare(List<CountedText> window) {
    int[] tokens = window.stream().mapToInt(CountedText::tokens).toArray();
    long padded = new Batcher(BUDGET).batches(tokens).stream().mapToLong(Batch::paddedTokens).sum();
    return 1 - window.stream().mapToLong(CountedText::tokens).sum() / (double) padded;
  }

  @Test
  void fewTextsOfAWindowArePaddedAsTheWholeWindow() {
    double whole = paddingShare(sentences(2048).take(2048));
    Workload workload = Workload.ofTokens(sentences(4096), 2, 8000);
    assertThat(workload.cores()).hasSize(2).allMatch(windows -> windows.size() == 1);
    for (List<CountedText> file : workload.files(2)) {
      assertThat(file.stream().mapToLong(CountedText::tokens).sum()).isBetween(3000L, 5000L);
      assertThat(paddingShare(file)).isLessThan(whole + 0.005);
    }
    assertThat(paddingShare(sentences(220).take(220)))
        .as("texts that were just fewer")
        .isGreaterThan(whole + 0.005);
  }

  @Test
  void manyTokensAreWholeWindowsAndTheRest() {
    Workload workload = Workload.ofTokens(sentences(20_000), 2, 180_000);
    assertThat(workload.cores()).allMatch(windows -> windows.size() == 3);
    assertThat(workload.cores().get(1).get(1)).hasSize(2048);
    assertThat(workload.cores().get(1).get(2)).hasSizeLessThan(1500);
    assertThat(workload.windows(2)).hasSize(6);
    assertThat(workload.windows(1)).hasSize(3);
    assertThat(workload.files(2).stream().flatMap(List::stream)).doesNotHaveDuplicates();
    assertThat((double) workload.describe("stsb").tokens()).isBetween(160_000.0, 200_000.0);
  }

  @Test
  void aCountOfTextsIsDividedEvenly() {
    Workload workload = Workload.ofTexts(sentences(5000), 2, 5000);
    assertThat(workload.cores().stream().flatMap(List::stream).map(List::size))
        .containsExactly(1250, 1250, 1250, 1250);
    assertThat(workload.tokens()).hasSize(5000);
  }

  @Test
  void aTextForEachCoreIsNeeded() {
    assertThatThrownBy(() -> Workload.ofTexts(sentences(3), 4, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot measure: each of 4 cores needs a text, found 3 texts");
    assertThatThrownBy(() -> Workload.ofTokens(sentences(1), 2, 100))
        .hasMessage("Cannot measure: each of 2 cores needs a text, found 1 text");
  }

  @Test
  void tasksAtOnceGetTheLargestBatches() {
    Workload workload = Workload.ofTexts(sentences(4096), 2, 4096);
    List<List<CountedText>> batches = workload.largestBatches(4);
    assertThat(batches).hasSize(4);
    assertThat(batches)
        .allMatch(batch -> batch.stream().mapToInt(CountedText::tokens).sum() > BUDGET - 64);
    assertThat(new HashSet<>(batches)).hasSize(4);
    assertThat(Workload.ofTexts(sentences(3), 1, 3).largestBatches(4).stream().flatMap(Stream::of))
        .hasSizeLessThanOrEqualTo(3);
  }
}
