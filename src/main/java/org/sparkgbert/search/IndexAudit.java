package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.plan.WithColumns;
import org.sparkgbert.vector.Similarity;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows of an index, judged anew: whether their codes are those of their embeddings, and their
 * cells the nearest.
 */
public final class IndexAudit {
  /** Column of the code. */
  public static final String CODE = IndexColumns.CODE;

  /** Column of the cell. */
  public static final String CELL = IndexColumns.CELL;

  /** Column that says whether a row's code is another than that of its embedding in its cell. */
  public static final String WRONG_CODE = "index_wrong_code";

  /** Column that says whether another centroid is nearer to a row than that of its cell. */
  public static final String WRONG_CELL = "index_wrong_cell";

  /** Column that says whether a row's cell has no centroid, so that no search asks it. */
  public static final String NO_CENTROID = "index_no_centroid";

  /** The rounding of products may prefer a centroid that is farther by so little. */
  private static final double TOLERANCE = 1e-3;

  private static final String EMBEDDING = "embedding";
  private static final int BLOCK_ROWS = 1_024;

  private IndexAudit() {}

  /** What a table says of itself as an index; empty if it is none. */
  public static Optional<IndexInfo> info(EmbeddingTable table) {
    return IndexInfo.of(table.manifest().derived(), table.path());
  }

  /**
   * Judges rows.
   *
   * @param rows all rows of an index
   * @param where the index, for messages
   * @return its id, cell, code, {@link #WRONG_CODE}, {@link #WRONG_CELL} and {@link #NO_CENTROID}
   * @throws IllegalArgumentException if cells have no centroids
   */
  public static Dataset<Row> of(Dataset<Row> rows, IndexInfo info, String where) {
    Centroids centroids = OpenedIndex.allCentroids(rows, info, where);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
    Broadcast<Centroids> broadcast = context.broadcast(centroids);
    AssignCells assign =
        new AssignCells(
            "check index " + where,
            rows.schema().apply(info.idColumn()),
            broadcast,
            info.similarity(),
            BLOCK_ROWS,
            DeviceSettings.cpu(1));
    Dataset<Row> known =
        rows.select(
            ColumnNames.column(info.idColumn()).as("id"),
            ColumnNames.column(info.embeddingColumn()).as(EMBEDDING),
            functions.col(IndexColumns.CELL).as("cell"),
            functions.col(IndexColumns.CODE).as("code"),
            functions.col(IndexColumns.SCALE).as("scale"),
            functions.col(IndexColumns.ALONG).as("along"));
    List<String> names = Arrays.asList(known.columns());
    Dataset<Row> anew =
        WithColumns.of(
            known,
            assign,
            List.of(names.indexOf("id"), names.indexOf(EMBEDDING), names.indexOf("cell")),
            IndexColumns.ASSIGNED);
    return anew.select(
        functions.col("id"),
        functions.col("cell").as(CELL),
        functions.col("code").as(CODE),
        functions
            .not(
                isSame("code", IndexColumns.CODE)
                    .and(isSame("scale", IndexColumns.SCALE))
                    .and(isSame("along", IndexColumns.ALONG)))
            .as(WRONG_CODE),
        isFar(broadcast, info.similarity()).as(WRONG_CELL),
        functions
            .not(functions.col("cell").isin(centroids.cells()))
            .and(functions.col("cell").notEqual(IndexColumns.NO_CELL))
            .as(NO_CENTROID));
  }

  private static Column isSame(String found, String anew) {
    return functions.col(found).eqNullSafe(functions.col(anew));
  }

  private static Column isFar(Broadcast<Centroids> centroids, Similarity similarity) {
    UserDefinedFunction lead =
        functions.udf(
            (UDF2<Seq<Float>, Integer, Double>)
                (vector, cell) ->
                    centroids.value().lead(AssignCells.compared(floats(vector), similarity), cell),
            DataTypes.DoubleType);
    Column cell = functions.col("cell");
    Column anew = functions.col(IndexColumns.CELL);
    return functions
        .when(cell.equalTo(anew), false)
        .when(cell.equalTo(IndexColumns.NO_CELL).or(anew.equalTo(IndexColumns.NO_CELL)), true)
        .otherwise(lead.apply(functions.col(EMBEDDING), cell).gt(TOLERANCE));
  }

  private static float[] floats(Seq<Float> vector) {
    List<Float> elements = new ArrayList<>(CollectionConverters.asJava(vector));
    float[] floats = new float[elements.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = elements.get(i);
    }
    return floats;
  }
}
