package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparkgbert.onnx.DeviceChoice;

class DataOrderTest {
  private static final int PAIRS = 23;

  @Test
  void anEpochHasEveryPairOnce() {
    DataOrder order = order(4, 2, 42);
    assertThat(order.stepsPerEpoch()).isEqualTo(3);
    for (long epoch = 0; epoch < 3; epoch++) {
      assertThat(epoch(order, epoch))
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, PAIRS).boxed().toList());
    }
  }

  @Test
  void aStepHasSoManyBatchesAndTheLastOnesAreSmaller() {
    DataOrder order = order(4, 2, 42);
    assertThat(sizes(order.batches(0))).containsExactly(4, 4);
    assertThat(sizes(order.batches(2))).containsExactly(4, 3);
    assertThat(sizes(order(5, 3, 42).batches(1))).containsExactly(5, 3);
    assertThat(sizes(order(100, 3, 42).batches(5))).containsExactly(PAIRS);
  }

  @Test
  void eachEpochAndEachSeedHasAnOrderOfItsOwn() {
    DataOrder order = order(4, 1, 42);
    assertThat(epoch(order, 0)).isNotEqualTo(epoch(order, 1));
    assertThat(epoch(order, 0)).isNotEqualTo(epoch(order(4, 1, 43), 0));
    assertThat(epoch(order, 0)).isNotEqualTo(IntStream.range(0, PAIRS).boxed().toList());
  }

  @Test
  void whereAnOrderBeginsDoesNotMatter() {
    DataOrder order = order(4, 1, 42);
    List<Integer> second = epoch(order, 1);
    assertThat(epoch(order(4, 1, 42), 1)).isEqualTo(second);
    epoch(order, 0);
    assertThat(epoch(order, 1)).isEqualTo(second);
  }

  @Test
  void epochsAreCountedInParts() {
    assertThat(order(4, 2, 42).epochs(4)).isEqualTo(4 / 3.0);
  }

  private static DataOrder order(int batchSize, int accumulate, long seed) {
    return new DataOrder(
        PAIRS,
        new Recipe(
            LossChoice.COSENT,
            4,
            batchSize,
            accumulate,
            1e-3,
            0,
            0,
            1,
            1,
            1,
            seed,
            DeviceChoice.CPU));
  }

  private static List<Integer> epoch(DataOrder order, long epoch) {
    List<Integer> pairs = new ArrayList<>();
    for (long step = 0; step < order.stepsPerEpoch(); step++) {
      order
          .batches(epoch * order.stepsPerEpoch() + step)
          .forEach(batch -> Arrays.stream(batch).forEach(pairs::add));
    }
    return pairs;
  }

  private static List<Integer> sizes(List<int[]> batches) {
    return batches.stream().map(batch -> batch.length).toList();
  }
}
