package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TinyModel;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.Sessions;

class SequenceEncoderTest {
  @Test
  void badSequencesAreFoundAndAllOthersKeepTheirVectors() {
    Random random = new Random(53);
    for (int round = 0; round < 100; round++) {
      List<long[]> sequences =
          random
              .ints(1 + random.nextInt(80), 1, 30)
              .mapToObj(length -> random.longs(length, 5, 180).toArray())
              .toList();
      for (int bad = random.nextInt(6); bad > 0; bad--) {
        sequences.get(random.nextInt(sequences.size()))[0] = FakeRunner.POISON;
      }
      SequenceEncoder encoder =
          new SequenceEncoder(new FakeRunner(), new Batcher(1 + random.nextInt(1_000)));
      assertRight(encoder.encode(sequences), sequences);
    }
  }

  private static void assertRight(SequenceEncoder.Result result, List<long[]> sequences) {
    assertThat(result.dimension()).isEqualTo(FakeRunner.DIMENSION);
    assertThat(result.errors()).hasSize(sequences.size());
    for (int i = 0; i < sequences.size(); i++) {
      long[] ids = sequences.get(i);
      if (ids[0] == FakeRunner.POISON) {
        assertThat(result.errors()[i])
            .isEqualTo("Cannot encode a batch of [1, %d] tokens: poison".formatted(ids.length));
      } else {
        assertThat(result.errors()[i]).isNull();
        int start = i * FakeRunner.DIMENSION;
        assertThat(Arrays.copyOfRange(result.embeddings(), start, start + FakeRunner.DIMENSION))
            .isEqualTo(FakeRunner.vectorOf(ids));
      }
    }
  }

  @Test
  void oneBadSequenceAmongSixtyFourCostsThirteenRuns() {
    List<long[]> sequences =
        IntStream.range(0, 64)
            .mapToObj(i -> new long[] {i == 37 ? FakeRunner.POISON : 5 + i, 9})
            .collect(Collectors.toList());
    FakeRunner runner = new FakeRunner();
    new SequenceEncoder(runner, new Batcher(1_000)).encode(sequences);
    assertThat(runner.shapes).hasSize(1 + 2 * 6).startsWith("64x2").contains("1x2", "32x2");
  }

  @Test
  void progressIsToldAfterEachBatch() {
    List<long[]> sequences =
        IntStream.range(0, 10)
            .mapToObj(i -> new long[] {i == 3 ? FakeRunner.POISON : 5 + i, 9})
            .toList();
    List<Integer> done = new ArrayList<>();
    new SequenceEncoder(new FakeRunner(), new Batcher(8)).encode(sequences, done::add);
    assertThat(done).containsExactly(4, 8, 10);
  }

  @Test
  void partsOfAFailedBatchArePaddedOnlyToTheirOwnLongest() {
    List<long[]> sequences = List.of(new long[] {4, 5, 6, 7, 8, 9}, new long[] {9, 9});
    FakeRunner runner = new FakeRunner();
    new SequenceEncoder(runner, new Batcher(1_000)).encode(sequences);
    assertThat(runner.shapes).containsExactly("2x6", "1x6", "1x2");
  }

  @Test
  void anEncoderServesLargeAndSmallBatchesInTurn() {
    SequenceEncoder encoder = new SequenceEncoder(new FakeRunner(), new Batcher(500));
    Random random = new Random(59);
    for (int count : new int[] {1, 90, 2, 40, 0, 91}) {
      List<long[]> sequences =
          IntStream.range(0, count)
              .mapToObj(i -> random.longs(1 + random.nextInt(20), 5, 180).toArray())
              .toList();
      SequenceEncoder.Result result = encoder.encode(sequences);
      assertRight(result, sequences);
      assertThat(result.paddedTokens())
          .isGreaterThanOrEqualTo(sequences.stream().mapToLong(ids -> ids.length).sum());
    }
  }

  @Test
  void aTokenThatTheRealModelDoesNotKnowFailsItsOwnSequenceOnly() {
    Bundle bundle = Bundle.open(TinyModel.DIRECTORY);
    List<long[]> good = List.of(new long[] {2, 140, 3}, new long[] {2, 133, 98, 3});
    List<long[]> mixed = List.of(good.get(0), new long[] {2, 99_999, 3}, good.get(1));
    try (BatchRunner runner = Sessions.open(bundle, DeviceSettings.cpu(1)).runner()) {
      SequenceEncoder encoder = new SequenceEncoder(runner, new Batcher(1));
      float[] expected = encoder.encode(good).embeddings();
      SequenceEncoder.Result result = new SequenceEncoder(runner, new Batcher(100)).encode(mixed);
      assertThat(result.errors()[0]).isNull();
      assertThat(result.errors()[1])
          .startsWith("Cannot encode a batch of [1, 3] tokens with tiny-bert: ");
      assertThat(result.errors()[2]).isNull();
      int d = TinyModel.DIMENSION;
      assertThat(Arrays.copyOfRange(result.embeddings(), 0, d))
          .containsExactly(Arrays.copyOfRange(expected, 0, d), within(1e-5f));
      assertThat(Arrays.copyOfRange(result.embeddings(), 2 * d, 3 * d))
          .containsExactly(Arrays.copyOfRange(expected, d, 2 * d), within(1e-5f));
    }
  }
}
