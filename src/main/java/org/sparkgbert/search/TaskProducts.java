package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.CodeProduct;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.ProductRanking;

/**
 * The form in which a task multiplies blocks: codes on a CPU, for many rows and as long as they
 * tell rows apart, and else float32.
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

  private final ProductRanking ranking;
  private final Workspace workspace;
  private final BlockProduct floats;
  private final CodeProduct codes;
  private boolean usesCodes;

  private TaskProducts(
      ProductRanking ranking, Workspace workspace, BlockProduct floats, CodeProduct codes) {
    this.ranking = ranking;
    this.workspace = workspace;
    this.floats = floats;
    this.codes = codes;
    this.usesCodes = codes != null;
  }

  /**
   * Those of the task that calls this.
   *
   * @param rows what is compared, at least one
   * @param device where blocks are multiplied
   */
  static TaskProducts of(
      List<ComparedRows> rows, DeviceSettings device, ProductRanking ranking, Workspace workspace) {
    BlockProduct floats = ExecutorProducts.shared(TaskGpu.assign(device));
    boolean canUseCodes =
        !floats.isOnGpu()
            && rows.get(0).block().dimension() <= CodeProduct.MOST_DIMENSIONS
            && rows.stream().mapToInt(of -> of.slice().rows()).sum() >= LEAST_ROWS;
    return new TaskProducts(
        ranking,
        workspace,
        floats,
        canUseCodes ? ExecutorProducts.sharedForCodes(device.threads()) : null);
  }

  /** Searches for some rows. */
  List<NeighbourSearch> searches(List<ComparedRows> rows) {
    List<NeighbourSearch> searches = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      ComparedRows of = rows.get(i);
      int index = i;
      Map<Class<?>, ApproximateScores> made = new HashMap<>();
      searches.add(
          new NeighbourSearch(
              of,
              ranking,
              workspace,
              columns ->
                  made.computeIfAbsent(columns.getClass(), any -> scores(of, index, columns))));
    }
    return searches;
  }

  private ApproximateScores scores(ComparedRows rows, int index, MatrixBlock columns) {
    return columns instanceof CodedBlock
        ? new CodeScores(rows, index, codes, workspace)
        : new FloatScores(rows, index, floats, workspace);
  }

  /** Shows a block of the corpus to all searches. */
  void show(VectorBlock block, List<ComparedRows> rows, List<NeighbourSearch> searches) {
    MatrixBlock columns =
        usesCodes
            ? CodedBlock.of(block, ranking, workspace)
            : DividedBlock.of(block, ranking, workspace);
    long looks = searches.stream().mapToLong(search -> search.visit(columns)).sum();
    usesCodes &= looks <= fewOf(rows, block.rows());
  }

  /** The best must be looked at in any form. */
  private static long fewOf(List<ComparedRows> rows, int columns) {
    return rows.stream()
        .flatMap(of -> Arrays.stream(of.best()))
        .mapToLong(best -> columns / FEW + 2L * Math.min(best.topK(), columns))
        .sum();
  }
}
