package org.sparkgbert.search;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.embed.TaskGpu;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.plan.ColumnFunction;
import org.sparkgbert.plan.PartitionColumns;
import org.sparkgbert.vector.Similarity;

/**
 * Assigns rows to cells and codes their embeddings: the columns {@link IndexColumns#ASSIGNED}. Rows
 * whose id is null are refused if they can be compared.
 *
 * <p>Reads the column of ids, that of embeddings, and perhaps a third one with the cells whose
 * centroids codes should be relative to; without it, these are the cells that are assigned.
 *
 * @param what what is done, for messages, as in "Cannot index"
 * @param id the column of ids
 * @param centroids those of the cells
 * @param blockRows rows per product
 */
record AssignCells(
    String what,
    StructField id,
    Broadcast<Centroids> centroids,
    Similarity similarity,
    int blockRows,
    DeviceSettings device)
    implements ColumnFunction {

  @Override
  public String operator() {
    return "AssignCells";
  }

  @Override
  public Map<String, SQLMetric> metrics(SparkContext context) {
    return Map.of();
  }

  @Override
  public PartitionColumns begin(int[] inputs, Map<String, SQLMetric> metrics) {
    BlockProduct product = ExecutorProducts.shared(TaskGpu.assign(device));
    return new Partition(inputs, product);
  }

  @Override
  public String toString() {
    return "nearest centroid by " + similarity;
  }

  /** Assigns the rows of one partition. */
  private final class Partition implements PartitionColumns {
    private final int[] inputs;
    private final BlockProduct product;
    private final List<float[]> window = new ArrayList<>();
    private final List<Integer> known = new ArrayList<>();
    private final Map<Integer, CentroidAxis> axes = new HashMap<>();

    private Partition(int[] inputs, BlockProduct product) {
      this.inputs = inputs;
      this.product = product;
    }

    @Override
    public boolean add(InternalRow row) {
      float[] vector = PackRows.vector(row, inputs[1]);
      PackedRow packed = new PackedRow(new byte[0], vector);
      boolean isUsable = packed.isUsable(similarity);
      if (isUsable) {
        require(row, vector);
      }
      window.add(isUsable ? vector : null);
      known.add(isUsable && inputs.length > 2 ? Integer.valueOf(row.getInt(inputs[2])) : null);
      return window.size() < blockRows;
    }

    private void require(InternalRow row, float[] vector) {
      if (row.isNullAt(inputs[0])) {
        throw new IllegalArgumentException(
            "Cannot %s: every row of the corpus must have an id, found null".formatted(what));
      }
      int dimension = centroids.value().dimension();
      if (vector.length != dimension) {
        throw new IllegalArgumentException(
            "Cannot %s: embeddings must have the same dimension, found %d and %d for %s = %s"
                .formatted(what, dimension, vector.length, id.name(), shownId(row)));
      }
    }

    private String shownId(InternalRow row) {
      Object value = row.get(inputs[0], id.dataType());
      return UniqueIds.text(CatalystTypeConverters.convertToScala(value, id.dataType()));
    }

    @Override
    public Iterator<InternalRow> compute(long readNanos) {
      List<float[]> usable = window.stream().filter(vector -> vector != null).toList();
      Iterator<Integer> cells = nearest(usable).iterator();
      List<InternalRow> assigned = new ArrayList<>(window.size());
      for (int i = 0; i < window.size(); i++) {
        assigned.add(
            window.get(i) == null ? none() : row(cells.next(), known.get(i), window.get(i)));
      }
      window.clear();
      known.clear();
      return assigned.iterator();
    }

    private List<Integer> nearest(List<float[]> vectors) {
      if (vectors.isEmpty()) {
        return Collections.emptyList();
      }
      Centroids all = centroids.value();
      return ExecutorProducts.withWorkspace(
          workspace -> {
            FloatBuffer matrix = workspace.rows(0, vectors.size() * all.dimension());
            vectors.forEach(vector -> matrix.put(compared(vector, similarity)));
            List<Integer> cells = new ArrayList<>(vectors.size());
            for (int centroid : all.nearest(matrix.flip(), product, workspace)) {
              cells.add(all.cell(centroid));
            }
            return cells;
          });
    }

    private InternalRow none() {
      return new GenericInternalRow(new Object[] {IndexColumns.NO_CELL, null, null, null});
    }

    private InternalRow row(int cell, Integer known, float[] vector) {
      CentroidAxis axis = axes.computeIfAbsent(known == null ? cell : known, this::axis);
      if (axis == null) {
        return new GenericInternalRow(new Object[] {cell, null, null, null});
      }
      VectorCode code = VectorCode.of(vector, similarity.ranking().orElseThrow(), axis);
      return new GenericInternalRow(
          new Object[] {cell, code.elements(), code.scale(), code.along()});
    }

    /** Null if the cell has no centroid. */
    private CentroidAxis axis(int cell) {
      float[] centroid = centroids.value().ofCell(cell);
      return centroid == null ? null : CentroidAxis.of(centroid);
    }

    @Override
    public void close() {
      window.clear();
      known.clear();
    }
  }

  /**
   * @throws IllegalArgumentException if two embeddings differ in dimension
   */
  static void requireDimension(int expected, int found) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "Cannot index: embeddings must have the same dimension, found %d and %d"
              .formatted(expected, found));
    }
  }

  /** The vector, or its direction if directions are compared. */
  static float[] compared(float[] vector, Similarity similarity) {
    return switch (similarity.ranking().orElseThrow()) {
      case PRODUCTS -> vector;
      case DIRECTIONS -> {
        double factor = 1 / VectorCode.length(vector);
        float[] direction = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
          direction[i] = (float) (vector[i] * factor);
        }
        yield direction;
      }
    };
  }
}
