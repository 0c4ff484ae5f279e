package org.sparkgbert.vector;

import java.util.OptionalDouble;
import java.util.Random;
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

/** Similarities of one pair of embeddings. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SimilarityBenchmark {
  /** Which one. */
  @Param public Similarity similarity;

  /** Length of an embedding. */
  @Param({"384", "1024"})
  public int dimension;

  private float[] left;
  private float[] right;

  /** Makes the pair. */
  @Setup
  public void makePair() {
    Random random = new Random(3);
    left = vector(random);
    right = vector(random);
  }

  private float[] vector(Random random) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /** Measures it. */
  @Benchmark
  public OptionalDouble pair() {
    return similarity.of(left, right);
  }
}
