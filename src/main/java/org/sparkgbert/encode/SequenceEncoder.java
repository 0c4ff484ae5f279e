package org.sparkgbert.encode;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.sparkgbert.batch.Batch;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.batch.TokenMatrix;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.NativeBuffers;
import org.sparkgbert.onnx.OnnxException;

/**
 * Runs sequences through a model batch by batch, and puts their embeddings back in order. A batch
 * that fails is halved until the sequences that cannot be encoded are found.
 *
 * <p><b>Threads:</b> for one thread at a time; holds the native buffers of a batch.
 */
final class SequenceEncoder {
  private final BatchRunner runner;
  private final Batcher batcher;
  private final TokenMatrix matrix = new TokenMatrix();
  private FloatBuffer output = NativeBuffers.floats(0);
  private StageNanos nanos = StageNanos.NONE;

  SequenceEncoder(BatchRunner runner, Batcher batcher) {
    this.runner = runner;
    this.batcher = batcher;
  }

  /**
   * What happened to sequences.
   *
   * @param embeddings {@code [sequences, dimension]}, row after row
   * @param dimension length of an embedding
   * @param errors for each sequence why it failed, null if it did not
   * @param paddedTokens tokens of all batches, padding included
   * @param batches batches that the sequences were divided into; one that fails is run again in
   *     parts, which are not counted
   * @param nanos where the time went
   */
  record Result(
      float[] embeddings,
      int dimension,
      String[] errors,
      long paddedTokens,
      long batches,
      StageNanos nanos) {}

  Result encode(List<long[]> sequences) {
    return encode(sequences, done -> {});
  }

  /**
   * The same.
   *
   * @param progress is told after each batch how many sequences are done
   */
  Result encode(List<long[]> sequences, IntConsumer progress) {
    int dimension = runner.dimension();
    float[] embeddings = new float[Math.multiplyExact(sequences.size(), dimension)];
    String[] errors = new String[sequences.size()];
    int[] lengths = sequences.stream().mapToInt(ids -> ids.length).toArray();
    long padded = 0;
    int done = 0;
    long start = System.nanoTime();
    List<Batch> batches = batcher.batches(lengths);
    nanos = new StageNanos(0, System.nanoTime() - start, 0, 0);
    for (Batch batch : batches) {
      padded += batch.paddedTokens();
      encode(batch, sequences, embeddings, errors);
      done += batch.rows();
      progress.accept(done);
    }
    return new Result(embeddings, dimension, errors, padded, batches.size(), nanos);
  }

  private void encode(Batch batch, List<long[]> sequences, float[] embeddings, String[] errors) {
    try {
      run(batch, sequences, embeddings);
    } catch (OnnxException e) {
      if (batch.rows() == 1) {
        errors[batch.sequences()[0]] = e.getMessage();
        return;
      }
      int middle = batch.rows() / 2;
      encode(part(batch, 0, middle, sequences), sequences, embeddings, errors);
      encode(part(batch, middle, batch.rows(), sequences), sequences, embeddings, errors);
    }
  }

  /** A batch's sequences are sorted, so the first of a part is its longest. */
  private static Batch part(Batch batch, int from, int to, List<long[]> sequences) {
    int[] part = Arrays.copyOfRange(batch.sequences(), from, to);
    return new Batch(part, sequences.get(part[0]).length);
  }

  private void run(Batch batch, List<long[]> sequences, float[] embeddings) {
    int dimension = runner.dimension();
    long start = System.nanoTime();
    matrix.fill(batch, sequences);
    if (output.capacity() < batch.rows() * dimension) {
      output = NativeBuffers.floats(batch.rows() * dimension);
    }
    long filled = System.nanoTime();
    runner.run(matrix, output);
    long done = System.nanoTime();
    for (int row = 0; row < batch.rows(); row++) {
      output.get(row * dimension, embeddings, batch.sequences()[row] * dimension, dimension);
    }
    long copied = System.nanoTime();
    nanos = nanos.plus(new StageNanos(0, filled - start, done - filled, copied - done));
  }
}
