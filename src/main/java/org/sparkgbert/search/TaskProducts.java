package org.sparkgbert.search;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.CodeProduct;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.ProductRanking;

/**
 * Compares rows of a task with blocks of the corpus, which it multiplies in one of two forms: codes
 * on a CPU, for many rows and as long as they tell rows apart, and else float32.
 *
 * <p><b>Threads:</b> for one thread.
 */
final class TaskProducts {
  /**
   * If more of the rows are not discarded than one in so many, the exact scores of all these take
   * longer than products in float32 would.
   */
  private static final int FEW = 20;

  /** For fewer rows, making the codes of a block takes longer than products in float32. */
  private static final int LEAST_ROWS = 128;

  private final List<ComparedRows> rows;
  private final DeviceSettings device;
  private final ProductRanking ranking;
  private final Workspace workspace;
  private final BlockProduct floats;
  private final List<NeighbourSearch> searches;
  private boolean usesCodes;

  /** Of each of the rows, in the form that is used. */
  private List<ApproximateScores> scores;

  /**
   * @param rows what is compared, at least one
   * @param device where blocks are multiplied
   */
  TaskProducts(
      List<ComparedRows> rows, DeviceSettings device, ProductRanking ranking, Workspace workspace) {
    this.rows = rows;
    this.device = device;
    this.ranking = ranking;
    this.workspace = workspace;
    this.floats = ExecutorProducts.shared(TaskGpu.assign(device));
    this.searches = rows.stream().map(of -> new NeighbourSearch(of, ranking, workspace)).toList();
    this.usesCodes =
        !floats.isOnGpu()
            && rows.get(0).block().dimension() <= CodeProduct.MOST_DIMENSIONS
            && rows.stream().mapToInt(of -> of.slice().rows()).sum() >= LEAST_ROWS;
    this.scores = scores();
  }

  private List<ApproximateScores> scores() {
    return IntStream.range(0, rows.size()).mapToObj(this::scores).toList();
  }

  private ApproximateScores scores(int index) {
    return usesCodes
        ? new CodeScores(
            rows.get(index), index, ExecutorProducts.sharedForCodes(device.threads()), workspace)
        : new FloatScores(rows.get(index), index, floats, workspace);
  }

  /** Compares all rows with those of a block. */
  void compare(VectorBlock block) {
    MatrixBlock columns =
        usesCodes
            ? CodedBlock.of(block, ranking, workspace)
            : DividedBlock.of(block, ranking, workspace);
    long looks = 0;
    for (int i = 0; i < rows.size(); i++) {
      looks += searches.get(i).visit(columns, scores.get(i));
    }
    if (usesCodes && looks > few(block.rows())) {
      usesCodes = false;
      scores = scores();
    }
  }

  /** The best must be looked at in any form. */
  private long few(int columns) {
    return rows.stream()
        .flatMap(of -> Arrays.stream(of.best()))
        .mapToLong(best -> columns / FEW + 2L * Math.min(best.topK(), columns))
        .sum();
  }
}
