package org.sparkgbert.batch;

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

/** Dividing one window into batches, and writing its token ids to native memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatcherBenchmark {
  /** Rows of a window. */
  @Param({"256", "2048", "16384"})
  public int windowRows;

  private final Batcher batcher = new Batcher(2048);
  private final TokenMatrix matrix = new TokenMatrix();
  private int[] lengths;
  private List<long[]> sequences;
  private List<Batch> batches;

  /** Makes the window. */
  @Setup
  public void makeWindow() {
    lengths = ShortTexts.lengths(windowRows);
    sequences = ShortTexts.sequences(windowRows);
    batches = batcher.batches(lengths);
  }

  /** Sorts and fills. */
  @Benchmark
  public List<Batch> batches() {
    return batcher.batches(lengths);
  }

  /** Fills one matrix with each batch in turn. */
  @Benchmark
  public TokenMatrix matrices() {
    for (Batch batch : batches) {
      matrix.fill(batch, sequences);
    }
    return matrix;
  }
}
