package org.sparkgbert.encode;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.batch.ShortTexts;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.TokenBatch;

/**
 * All that encoding a window does around the model: batches, matrices, embeddings to their rows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScatterBenchmark {
  private static final int WINDOW_ROWS = 2048;

  /** Length of an embedding. */
  @Param({"384", "1024"})
  public int dimension;

  private List<long[]> sequences;
  private SequenceEncoder encoder;

  /** Makes the window, and an encoder around no model. */
  @Setup
  public void makeWindow() {
    sequences = ShortTexts.sequences(WINDOW_ROWS);
    encoder = new SequenceEncoder(new NoModel(dimension), new Batcher(2048));
  }

  /** Leaves embeddings as they are in the buffer. */
  @Benchmark
  public float[] window() {
    return encoder.encode(sequences).embeddings();
  }

  private record NoModel(int dimension) implements BatchRunner {
    @Override
    public void run(TokenBatch batch, FloatBuffer embeddings) {}

    @Override
    public void close() {}
  }
}
