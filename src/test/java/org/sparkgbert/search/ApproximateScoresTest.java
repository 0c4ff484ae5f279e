package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.CodeProduct;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.NativeBuffers;
import org.sparkgbert.vector.ProductRanking;

/** No score is farther from the exact one than its allowance says, whatever the vectors. */
class ApproximateScoresTest {
  private static final int ROWS = 40;
  private static final int COLUMNS = 130;

  /** What the vectors of a block have in common, and what they have not. */
  private enum Kind {
    /** Gaussian noise. */
    NOISE,
    /** One element is far larger than all others, and nearly the same in all vectors. */
    CONSTANT,
    /** Each vector has one large element somewhere, which leaves the codes little room. */
    SPIKES,
    /** All are the same. */
    EQUAL,
    /** Lengths from 1e-30 to 1e30. */
    LENGTHS,
    /** Elements so small that their squares vanish in float32. */
    TINY,
    /** Every third vector is zero. */
    ZEROS
  }

  @ParameterizedTest
  @CsvSource({
    "NOISE, 1",
    "NOISE, 2",
    "NOISE, 385",
    "CONSTANT, 384",
    "SPIKES, 1024",
    "EQUAL, 7",
    "LENGTHS, 33",
    "TINY, 64",
    "ZEROS, 5"
  })
  void scoresAreWithinTheirAllowance(Kind kind, int dimension) {
    Random random = new Random(dimension);
    VectorBlock rows = block(kind, ROWS, dimension, random);
    VectorBlock columns = block(kind, COLUMNS, dimension, random);
    ComparedRows compared =
        ComparedRows.of(
            rows,
            new Slice(3, rows.rows()),
            key -> new BestHits(1, 0, any -> true, Arrays::compareUnsigned));
    Workspace workspace = new Workspace();
    try (BlockProduct floats = BlockProduct.open(DeviceSettings.cpu(1));
        CodeProduct codes = CodeProduct.open(1)) {
      for (ProductRanking ranking : ProductRanking.values()) {
        double ofFloats =
            worst(
                new FloatScores(compared, 0, floats, workspace),
                compared,
                DividedBlock.of(columns, ranking, workspace));
        double ofCodes =
            worst(
                new CodeScores(compared, 0, codes, workspace),
                compared,
                CodedBlock.of(columns, ranking, workspace));
        assertThat(ofFloats).isLessThanOrEqualTo(1);
        assertThat(ofCodes).isLessThanOrEqualTo(1);
      }
    }
  }

  /** The largest error over its allowance. */
  private static double worst(ApproximateScores scores, ComparedRows rows, MatrixBlock columns) {
    VectorBlock block = columns.block();
    FloatBuffer products = NativeBuffers.floats(rows.slice().rows() * block.rows());
    int all = rows.slice().rows();
    int half = all / 2;
    int width = block.rows();
    scores.multiply(
        columns, new Slice(half, all), products.slice(half * width, (all - half) * width));
    scores.multiply(columns, new Slice(0, half), products);
    double worst = 0;
    for (int i = 0; i < rows.slice().rows(); i++) {
      int row = rows.slice().from() + i;
      for (int j = 0; j < block.rows(); j++) {
        float product = products.get(i * block.rows() + j);
        double score = scores.offset(i) + scores.scale(i) * product;
        double exact =
            DotProducts.of(rows.block().vector(row), block.vector(j))
                / rows.block().length(row)
                / columns.divisors()[j];
        worst = Math.max(worst, Math.abs(score - exact) / scores.allowance(i));
        assertThat(product).isGreaterThanOrEqualTo(scores.limit(i, exact));
      }
    }
    return worst;
  }

  private static VectorBlock block(Kind kind, int rows, int dimension, Random random) {
    VectorBlock.Builder block = new VectorBlock.Builder(0, dimension);
    IntStream.range(0, rows)
        .forEach(row -> block.add(new byte[0], vector(kind, row, dimension, random)));
    return block.build();
  }

  private static float[] vector(Kind kind, int row, int dimension, Random random) {
    float[] vector = new float[dimension];
    double length =
        switch (kind) {
          case LENGTHS -> Math.pow(10, random.nextInt(61) - 30);
          case TINY -> 1e-37;
          case ZEROS -> row % 3 == 0 ? 0 : 1;
          default -> 1;
        };
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (kind == Kind.EQUAL ? i - 2 : length * random.nextGaussian());
    }
    if (kind == Kind.CONSTANT) {
      vector[5] = 3_000;
    }
    if (kind == Kind.SPIKES) {
      vector[random.nextInt(dimension)] = 1_000;
    }
    return vector;
  }
}
