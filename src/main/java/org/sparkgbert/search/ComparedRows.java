package org.sparkgbert.search;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.ProductRanking;

/**
 * Rows of a block that are compared with a corpus, and the best that were found for each.
 *
 * @param block the block
 * @param slice which of its rows
 * @param best for each of them
 */
record ComparedRows(VectorBlock block, Slice slice, BestHits[] best) {
  /**
   * @param best keeps the best for the row with that key
   */
  static ComparedRows of(VectorBlock block, Slice slice, Function<byte[], BestHits> best) {
    return new ComparedRows(
        block,
        slice,
        IntStream.range(slice.from(), slice.to())
            .mapToObj(row -> best.apply(block.key(row)))
            .toArray(BestHits[]::new));
  }

  /**
   * Compares rows with a corpus, which streams past them: one block of it is held at a time.
   *
   * @param device where blocks are multiplied
   */
  static void compare(
      List<ComparedRows> rows,
      Iterator<VectorBlock> corpus,
      ProductRanking ranking,
      DeviceSettings device) {
    if (rows.isEmpty()) {
      return;
    }
    ExecutorProducts.withWorkspace(
        workspace -> {
          TaskProducts products = new TaskProducts(rows, device, ranking, workspace);
          while (corpus.hasNext()) {
            TaskContext.get().killTaskIfInterrupted();
            products.compare(corpus.next());
          }
          return workspace;
        });
  }

  /** The key of a row of the slice. */
  byte[] key(int row) {
    return block.key(slice.from() + row);
  }
}
