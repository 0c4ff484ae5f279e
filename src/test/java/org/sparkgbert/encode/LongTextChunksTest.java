package org.sparkgbert.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.Sessions;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;

class LongTextChunksTest {
  private static final int MAX = 12;
  private static final String LONG = String.join(" ", TinyModel.texts().subList(0, 9));

  @Test
  void aLongTextIsTheMeanOfItsChunksWeightedByTheirTokens() {
    EncoderSettings settings = TinyModel.settings(MAX, LongText.CHUNKS, 100, true);
    try (SentenceEncoder encoder = Encoders.tiny(settings)) {
      EncodedText text = encoder.encodeWindow(List.of("Hund", LONG, "Haus")).texts().get(1);
      assertThat(text.status()).isEqualTo(EmbeddingStatus.OK);
      assertThat(text.tokens()).isEqualTo(Encoders.ids(LONG).length);
      float[] expected = weightedMean(Bundle.open(TinyModel.DIRECTORY), false);
      assertThat(text.embedding()).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void theMeanHasUnitLengthWhereTheModelNormalizes(@TempDir Path folder) throws IOException {
    byte[] graph = Files.readAllBytes(TinyModel.DIRECTORY.resolve("model.onnx"));
    Bundle bundle = Bundle.open(TinyModel.bundle(folder.resolve("b"), graph, 32, true));
    EncoderSettings settings = TinyModel.settings(MAX, LongText.CHUNKS, 100, true);
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings)) {
      assertThat(encoder.encode(List.of(LONG))[0])
          .containsExactly(weightedMean(bundle, true), within(1e-5f));
    }
  }

  @Test
  void oneChunkThatFailsFailsTheTextAndNoOther() {
    EncoderSettings settings = TinyModel.settings(MAX, LongText.CHUNKS, 100, true);
    try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), settings)) {
      List<EncodedText> texts =
          encoder.encodeWindow(List.of(LONG, LONG + " [MASK] " + LONG, "Haus")).texts();
      assertThat(texts)
          .extracting(EncodedText::status)
          .containsExactly(EmbeddingStatus.OK, EmbeddingStatus.FAILED, EmbeddingStatus.OK);
      assertThat(texts.get(1).error()).isEqualTo("Cannot encode a batch of [1, 12] tokens: poison");
      assertThat(texts.get(2).embedding()).isEqualTo(FakeRunner.vectorOf(Encoders.ids("Haus")));
    }
  }

  @Test
  void charactersThatAreNotReadAreStillATruncation() {
    EncoderSettings settings = TinyModel.settings(MAX, LongText.CHUNKS, 10_000, true);
    String huge = "Haus ".repeat(TextOptions.MAX_CHARACTERS.defaultValue().orElseThrow());
    try (SentenceEncoder encoder = Encoders.around(new FakeRunner(), settings)) {
      EncodedText text = encoder.encodeWindow(List.of(huge)).texts().get(0);
      assertThat(text.status()).isEqualTo(EmbeddingStatus.TRUNCATED);
      assertThat(text.embedding()).isNotNull();
    }
  }

  @Test
  void theWeightedMeanFollowsItsFormula() {
    float[] embeddings = {9, 9, 1, 2, 3, 6, -1, 0};
    assertThat(WeightedMean.of(embeddings, 2, new int[] {1, 3}, 2, false)).containsExactly(2.5f, 5);
    assertThat(WeightedMean.of(embeddings, 2, new int[] {1, 3}, 2, true))
        .containsExactly(new float[] {0.4472136f, 0.8944272f}, within(1e-7f));
    assertThat(WeightedMean.of(new float[] {1, -1, -1, 1}, 0, new int[] {2, 2}, 2, true))
        .containsExactly(0, 0);
    assertThat(embeddings).containsExactly(9, 9, 1, 2, 3, 6, -1, 0);
  }

  /** Splits, encodes chunk by chunk and averages in double precision. */
  private static float[] weightedMean(Bundle bundle, boolean normalize) {
    long[] ids = Encoders.ids(LONG);
    List<long[]> chunks = new ArrayList<>();
    for (int from = 1; from < ids.length - 1; from += MAX - 2) {
      int to = Math.min(ids.length - 1, from + MAX - 2);
      long[] chunk = new long[to - from + 2];
      chunk[0] = ids[0];
      System.arraycopy(ids, from, chunk, 1, to - from);
      chunk[chunk.length - 1] = ids[ids.length - 1];
      chunks.add(chunk);
    }
    assertThat(chunks).hasSizeGreaterThan(5);
    assertThat(chunks.get(chunks.size() - 1).length).isLessThan(MAX);
    double[] sum = new double[TinyModel.DIMENSION];
    double weights = 0;
    try (BatchRunner runner = Sessions.open(bundle, DeviceSettings.cpu(1)).runner()) {
      for (long[] chunk : chunks) {
        float[] vector =
            new SequenceEncoder(runner, new Batcher(1)).encode(List.of(chunk)).embeddings();
        for (int d = 0; d < sum.length; d++) {
          sum[d] += (chunk.length - 2) * (double) vector[d];
        }
        weights += chunk.length - 2;
      }
    }
    double norm = normalize ? Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum()) : weights;
    float[] mean = new float[sum.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = (float) (sum[d] / norm);
    }
    return mean;
  }
}
