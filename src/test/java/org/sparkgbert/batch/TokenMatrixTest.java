package org.sparkgbert.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenMatrixTest {
  private static final List<long[]> SEQUENCES =
      List.of(new long[] {7}, new long[] {1, 2, 3}, new long[] {8, 9});

  @Test
  void rowsStandInTheOrderOfTheBatchAndAreMaskedBeyondTheirEnd() {
    TokenMatrix matrix = new TokenMatrix();
    matrix.fill(new Batch(new int[] {1, 2, 0}, 3), SEQUENCES);
    assertThat(values(matrix.ids())).containsExactly(1, 2, 3, 8, 9, 0, 7, 0, 0);
    assertThat(values(matrix.mask())).containsExactly(1, 1, 1, 1, 1, 0, 1, 0, 0);
    assertThat(matrix.rows()).isEqualTo(3);
    assertThat(matrix.tokens()).isEqualTo(3);
  }

  @Test
  void aSmallerBatchLeavesNothingOfTheLargerOneBefore() {
    TokenMatrix matrix = new TokenMatrix();
    matrix.fill(new Batch(new int[] {1, 2, 0}, 3), SEQUENCES);
    matrix.fill(new Batch(new int[] {2, 0}, 2), SEQUENCES);
    assertThat(values(matrix.ids())).containsExactly(8, 9, 7, 0);
    assertThat(values(matrix.mask())).containsExactly(1, 1, 1, 0);
    assertThat(matrix.rows()).isEqualTo(2);
    assertThat(matrix.tokens()).isEqualTo(2);
  }

  @Test
  void buffersAreNativeMemoryThatOnnxRuntimeReadsWithoutACopy() {
    TokenMatrix matrix = new TokenMatrix();
    matrix.fill(new Batch(new int[] {0}, 1), SEQUENCES);
    for (LongBuffer buffer : List.of(matrix.ids(), matrix.mask())) {
      assertThat(buffer.isDirect()).isTrue();
      assertThat(buffer.order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(buffer.position()).isZero();
    }
  }

  @Test
  void anySeriesOfBatchesIsFilledRight() {
    Random random = new Random(11);
    TokenMatrix matrix = new TokenMatrix();
    for (int round = 0; round < 200; round++) {
      List<long[]> sequences =
          random
              .ints(1 + random.nextInt(20), 1, 40)
              .mapToObj(length -> random.longs(length, 1, 30_000).toArray())
              .toList();
      int[] lengths = sequences.stream().mapToInt(ids -> ids.length).toArray();
      for (Batch batch : new Batcher(100).batches(lengths)) {
        matrix.fill(batch, sequences);
        assertThat(matrix.ids().remaining()).isEqualTo(batch.rows() * batch.tokens());
        for (int row = 0; row < batch.rows(); row++) {
          assertRow(matrix, row, sequences.get(batch.sequences()[row]));
        }
      }
    }
  }

  private static void assertRow(TokenMatrix matrix, int row, long[] ids) {
    for (int token = 0; token < matrix.tokens(); token++) {
      int cell = row * matrix.tokens() + token;
      assertThat(matrix.mask().get(cell)).isEqualTo(token < ids.length ? 1 : 0);
      assertThat(matrix.ids().get(cell)).isEqualTo(token < ids.length ? ids[token] : 0);
    }
  }

  private static long[] values(LongBuffer buffer) {
    long[] values = new long[buffer.remaining()];
    buffer.duplicate().get(values);
    return values;
  }
}
