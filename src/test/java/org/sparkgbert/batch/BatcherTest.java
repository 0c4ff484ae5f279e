package org.sparkgbert.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatcherTest {
  @Test
  void eachSequenceStandsInExactlyOneBatch() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] lengths = lengths(random);
      List<Batch> batches = batcher(random).batches(lengths);
      assertThat(batches.stream().flatMapToInt(batch -> IntStream.of(batch.sequences())).sorted())
          .containsExactlyElementsOf(IntStream.range(0, lengths.length).boxed().toList());
    }
  }

  @Test
  void noBatchPassesTheBudgetUnlessOneSequenceStandsAlone() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] lengths = lengths(random);
      Batcher batcher = batcher(random);
      for (Batch batch : batcher.batches(lengths)) {
        assertThat(batch.rows() == 1 || batch.paddedTokens() <= batcher.tokenBudget()).isTrue();
        assertThat(batch.tokens()).isEqualTo(lengths[batch.sequences()[0]]);
      }
    }
  }

  @Test
  void sequencesComeLongestFirstAndEqualOnesInTheirOrder() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] lengths = lengths(random);
      int[] order =
          batcher(random).batches(lengths).stream()
              .flatMapToInt(batch -> IntStream.of(batch.sequences()))
              .toArray();
      for (int i = 1; i < order.length; i++) {
        int before = lengths[order[i - 1]];
        int after = lengths[order[i]];
        assertThat(before > after || (before == after && order[i - 1] < order[i])).isTrue();
      }
    }
  }

  @Test
  void noOtherDivisionOfTheSortedSequencesCostsLess() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] lengths = random.ints(1 + random.nextInt(10), 1, 1 + random.nextInt(1, 40)).toArray();
      Batcher batcher = new Batcher(1 + random.nextInt(800));
      List<Batch> batches = batcher.batches(lengths);
      long tokens = batches.stream().mapToLong(Batch::paddedTokens).sum();
      int[] falling = IntStream.of(lengths).map(i -> -i).sorted().map(i -> -i).toArray();
      assertThat(tokens + (long) batches.size() * (batcher.tokenBudget() / 128))
          .isEqualTo(leastCost(falling, batcher.tokenBudget()));
    }
  }

  /** Tries each of the 2^(n-1) divisions: bit i set means that a batch ends after sequence i. */
  private static long leastCost(int[] lengths, int budget) {
    long least = Long.MAX_VALUE;
    for (int ends = 0; ends < 1 << (lengths.length - 1); ends++) {
      long cost = 0;
      int from = 0;
      for (int i = 0; i < lengths.length; i++) {
        if (i + 1 == lengths.length || (ends >> i & 1) == 1) {
          long tokens = (long) (i + 1 - from) * lengths[from];
          boolean fits = i == from || tokens <= budget;
          cost += fits ? tokens + budget / 128 : Integer.MAX_VALUE;
          from = i + 1;
        }
      }
      least = Math.min(least, cost);
    }
    return least;
  }

  @Test
  void sentencesOfAllLengthsAreHardlyPadded() {
    Random random = new Random(3);
    int[] lengths =
        IntStream.range(0, 2048)
            .map(i -> 6 + (int) Math.round(12 * Math.exp(0.6 * random.nextGaussian())))
            .toArray();
    long padded = new Batcher(2048).batches(lengths).stream().mapToLong(Batch::paddedTokens).sum();
    assertThat(1 - IntStream.of(lengths).sum() / (double) padded).isLessThan(0.01);
  }

  @Test
  void aLargeBatchIsNotPaddedWithMuchShorterSequences() {
    int[] lengths = IntStream.range(0, 64).map(i -> i < 32 ? 20 : 8).toArray();
    List<Batch> batches = new Batcher(2048).batches(lengths);
    assertThat(batches.stream().map(Batch::tokens)).containsExactly(20, 8);
    assertThat(batches.stream().mapToLong(Batch::paddedTokens).sum())
        .isEqualTo(IntStream.of(lengths).sum());
  }

  @Test
  void equalLengthsGiveEqualBatchesAndStayUnchanged() {
    Random random = new Random(7);
    int[] lengths = lengths(random);
    int[] before = lengths.clone();
    Batcher batcher = batcher(random);
    List<Batch> first = batcher.batches(lengths);
    List<Batch> second = batcher.batches(lengths);
    assertThat(lengths).isEqualTo(before);
    assertThat(first).hasSameSizeAs(second);
    for (int i = 0; i < first.size(); i++) {
      assertThat(first.get(i).sequences()).isEqualTo(second.get(i).sequences());
    }
  }

  @Test
  void aLongSequenceStandsAloneAndShortOnesTogether() {
    List<Batch> batches = new Batcher(10).batches(new int[] {2, 30, 5, 4, 2});
    assertThat(batches.stream().map(batch -> Arrays.toString(batch.sequences())))
        .containsExactly("[1]", "[2]", "[3]", "[0, 4]");
    assertThat(batches.stream().map(Batch::tokens)).containsExactly(30, 5, 4, 2);
  }

  @Test
  void noSequencesMakeNoBatches() {
    assertThat(new Batcher(1).batches(new int[0])).isEmpty();
  }

  @Test
  void aBudgetBelowOneIsRefused() {
    assertThatThrownBy(() -> new Batcher(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot fill batches: the token budget must be positive, found 0");
  }

  @Test
  void anEmptyBatchIsRefused() {
    assertThatThrownBy(() -> new Batch(new int[0], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a batch: found 0 sequences of 3 tokens");
    assertThatThrownBy(() -> new Batch(new int[1], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make a batch: found 1 sequences of 0 tokens");
  }

  @Test
  void paddedTokensDoNotOverflow() {
    assertThat(new Batch(new int[70_000], 70_000).paddedTokens()).isEqualTo(4_900_000_000L);
  }

  private static int[] lengths(Random random) {
    return random.ints(1 + random.nextInt(300), 1, 1 + random.nextInt(1, 512)).toArray();
  }

  private static Batcher batcher(Random random) {
    return new Batcher(1 + random.nextInt(5_000));
  }
}
