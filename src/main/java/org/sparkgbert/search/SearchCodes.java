package org.sparkgbert.search;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.DeviceSettings;

/**
 * The first pass over an index: compares codes with the questions that ask their cells, and keeps
 * the best rows of each. Rows are the id, the cell, the code, its scale, and how far it is along.
 */
final class SearchCodes implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
  private static final long serialVersionUID = 1L;

  static final String SCORE = "score";
  static final String ID = "id";

  static final String KEY = "key";

  private final Broadcast<ProbedQuestions> questions;
  private final StructType id;
  private final int dimension;
  private final int kept;
  private final int blockRows;
  private final DeviceSettings device;
  private final RowsRead read;

  /**
   * What is found: the question's number, the approximate score, the cell, the id's key, the id.
   *
   * @param id the column of ids
   */
  static StructType found(StructType id) {
    return new StructType()
        .add(SearchColumns.NUMBER, DataTypes.IntegerType, false)
        .add(SCORE, DataTypes.DoubleType, false)
        .add(IndexColumns.CELL, DataTypes.IntegerType, false)
        .add(KEY, DataTypes.BinaryType, false)
        .add(ID, id.apply(0).dataType(), false);
  }

  /**
   * @param id the column of ids
   * @param kept most rows per question
   * @param read counts the rows
   */
  SearchCodes(
      Broadcast<ProbedQuestions> questions,
      StructType id,
      int dimension,
      int kept,
      int blockRows,
      DeviceSettings device,
      RowsRead read) {
    this.questions = questions;
    this.id = id;
    this.dimension = dimension;
    this.kept = kept;
    this.blockRows = blockRows;
    this.device = device;
    this.read = read;
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    return ExecutorProducts.withWorkspace(
        workspace -> {
          Pass pass = new Pass(workspace, ExecutorProducts.shared(TaskGpu.assign(device)));
          rows.forEachRemaining(pass::add);
          pass.compare();
          read.add(pass.rows);
          return pass.found();
        });
  }

  /** One partition's pass. */
  private final class Pass {
    private final Workspace workspace;
    private final BlockProduct product;
    private final ProbedQuestions asked = questions.value();
    private final UnsafeProjection idOf = UnsafeProjection.create(id);
    private final RowKeys keys = new RowKeys(id);
    private final Comparator<CodeHit> order = CodeHit.bestFirst(new KeyOrder(keys));
    private final List<byte[]> ids = new ArrayList<>();
    private final float[] scales = new float[blockRows];
    private final float[] along = new float[blockRows];
    private final float[] elements = new float[dimension];
    private final Map<Integer, PriorityQueue<CodeHit>> best = new TreeMap<>();
    private FloatBuffer codes;
    private int cell = IndexColumns.NO_CELL;
    private long rows;

    private Pass(Workspace workspace, BlockProduct product) {
      this.workspace = workspace;
      this.product = product;
      this.codes = workspace.columns(blockRows * dimension);
    }

    private void add(InternalRow row) {
      int next = row.getInt(1);
      if (next != cell || ids.size() == blockRows) {
        compare();
        cell = next;
      }
      requireCode(row);
      byte[] code = row.getBinary(2);
      if (code.length != dimension) {
        throw new IllegalStateException(
            "Cannot search: a code of cell %d should have %d elements, found %d; jobs/check.sh says more"
                .formatted(cell, dimension, code.length));
      }
      for (int i = 0; i < dimension; i++) {
        elements[i] = code[i];
      }
      codes.put(elements);
      scales[ids.size()] = row.getFloat(3);
      along[ids.size()] = row.getFloat(4);
      ids.add(idOf.apply(row).getBytes().clone());
      rows++;
    }

    private void requireCode(InternalRow row) {
      if (row.isNullAt(2) || row.isNullAt(3) || row.isNullAt(4)) {
        byte[] key = idOf.apply(row).getBytes();
        throw new IllegalStateException(
            "Cannot search: the row with %s = %s is in cell %d of the index and has no code; build it again with jobs/index.sh"
                .formatted(id.fieldNames()[0], UniqueIds.text(keys.shownId(key)), cell));
      }
    }

    /** Compares the rows of a block, all of one cell, with the questions that ask it. */
    private void compare() {
      int[] asking = asked.asking(cell);
      if (!ids.isEmpty() && asking.length > 0) {
        TaskContext.get().killTaskIfInterrupted();
        codes.flip();
        CentroidAxis axis = asked.axis(cell);
        for (int from = 0; from < asking.length; from += blockRows) {
          compare(
              axis, Arrays.copyOfRange(asking, from, Math.min(asking.length, from + blockRows)));
        }
      }
      ids.clear();
      codes.clear();
    }

    private void compare(CentroidAxis axis, int[] asking) {
      FloatBuffer left = workspace.rows(0, asking.length * dimension);
      for (int number : asking) {
        left.put(beside(axis, asked.direction(number)));
      }
      FloatBuffer products = workspace.scores(asking.length * ids.size());
      product.multiply(left.flip(), codes, dimension, products);
      float[] ofRows = new float[ids.size()];
      for (int i = 0; i < asking.length; i++) {
        products.get(i * ids.size(), ofRows);
        offer(
            best.computeIfAbsent(asking[i], number -> worstFirst()),
            axis.product(asked.direction(asking[i])),
            ofRows);
      }
    }

    private float[] beside(CentroidAxis axis, double[] question) {
      double[] beside = axis.beside(question, axis.along(question));
      float[] floats = new float[beside.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) beside[i];
      }
      return floats;
    }

    private PriorityQueue<CodeHit> worstFirst() {
      return new PriorityQueue<>(order.reversed());
    }

    /**
     * @param centroid the question's product with the centroid
     * @param products of each row, that of what the question and the code are beside the centroid
     */
    private void offer(PriorityQueue<CodeHit> hits, double centroid, float[] products) {
      for (int row = 0; row < products.length; row++) {
        double score = centroid * (1.0 + along[row]) + (double) products[row] * scales[row];
        if (hits.size() < kept || score >= hits.element().score()) {
          hits.add(new CodeHit(score, cell, ids.get(row)));
          if (hits.size() > kept) {
            hits.remove();
          }
        }
      }
    }

    private Iterator<InternalRow> found() {
      return best.entrySet().stream()
          .flatMap(entry -> rows(entry.getKey(), entry.getValue()))
          .iterator();
    }

    private Stream<InternalRow> rows(int number, PriorityQueue<CodeHit> hits) {
      return hits.stream()
          .map(
              hit ->
                  new GenericInternalRow(
                      new Object[] {number, hit.score(), hit.cell(), hit.id(), keys.id(hit.id())}));
    }
  }
}
