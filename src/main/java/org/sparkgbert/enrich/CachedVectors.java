package org.sparkgbert.enrich;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * The rows of a cache: those of {@link VectorRows} but for the error, and what made them.
 *
 * <table>
 *   <caption>Further columns</caption>
 *   <tr><td>{@code fingerprint}</td><td>{@code string}</td><td>partitions the cache</td></tr>
 *   <tr><td>{@code added}</td><td>{@code date}</td><td>when a run added the vector, UTC</td></tr>
 *   <tr><td>{@code made}</td><td>{@code string}</td><td>model and settings as JSON</td></tr>
 * </table>
 */
final class CachedVectors {
  /** Column with the fingerprint. */
  static final String FINGERPRINT = "fingerprint";

  /** Column with the day on which the vector was added. */
  static final String ADDED = "added";

  /** Column with the {@link EmbeddingProvenance} of the vector. */
  static final String MADE = "made";

  /** Number of buckets, by the first bits of the key. */
  static final int BUCKETS = 16;

  /** Columns of a vector in every cache, fingerprint aside. */
  static final StructType SCHEMA =
      new StructType()
          .add(VectorRows.KEY, DataTypes.BinaryType, true)
          .add(
              VectorRows.COLUMNS.embedding(),
              DataTypes.createArrayType(DataTypes.FloatType, false),
              true)
          .add(VectorRows.COLUMNS.status(), DataTypes.StringType, true)
          .add(VectorRows.COLUMNS.tokens(), DataTypes.IntegerType, true)
          .add(ADDED, DataTypes.DateType, true)
          .add(MADE, DataTypes.StringType, true);

  private CachedVectors() {}

  /**
   * New vectors as a cache keeps them; without those of texts that failed, or have no key.
   *
   * @param vectors columns as in {@link VectorRows#SCHEMA}
   * @param made what made them
   */
  static Dataset<Row> of(Dataset<Row> vectors, EmbeddingProvenance made) {
    Metadata metadata = made.withTextColumn("").toMetadata();
    return VectorRows.usable(vectors)
        .select(
            lit(made.fingerprint()).as(FINGERPRINT),
            functions.col(VectorRows.KEY),
            ofDimension(made.dimension(), "Cannot cache vectors")
                .as(VectorRows.COLUMNS.embedding(), metadata),
            functions.col(VectorRows.COLUMNS.status()),
            functions.col(VectorRows.COLUMNS.tokens()),
            lit(LocalDate.now(ZoneOffset.UTC)).as(ADDED),
            lit(metadata.json()).as(MADE));
  }

  /** The columns of a cache's table, fingerprint first. */
  static List<String> names() {
    List<String> names = new ArrayList<>(List.of(FINGERPRINT));
    names.addAll(List.of(SCHEMA.fieldNames()));
    return names;
  }

  /** Reads what {@link #MADE} says. */
  static EmbeddingProvenance made(String json) {
    StructField column = new StructField(MADE, DataTypes.StringType, true, Metadata.fromJson(json));
    return EmbeddingProvenance.of(column)
        .orElseThrow(() -> new IllegalArgumentException("Cannot read what made a vector: " + json));
  }

  /**
   * Rows of a cache or another table as known vectors.
   *
   * @param where where they are, for messages
   */
  static KnownVectors known(Dataset<Row> rows, int dimension, String where) {
    Dataset<Row> usable = VectorRows.usable(rows);
    Column[] columns = {
      functions.col(VectorRows.KEY),
      ofDimension(dimension, "Cannot use the vectors of " + where)
          .as(VectorRows.COLUMNS.embedding()),
      functions.col(VectorRows.COLUMNS.status()),
      functions.col(VectorRows.COLUMNS.tokens()),
      lit(null).cast(DataTypes.StringType).as(VectorRows.COLUMNS.error())
    };
    return new KnownVectors(where, usable.select(columns));
  }

  /** The vector; a row with one of another length, or without one, is an error. */
  private static Column ofDimension(int dimension, String what) {
    Column vector = functions.col(VectorRows.COLUMNS.embedding());
    Column isEmpty =
        functions
            .col(VectorRows.COLUMNS.status())
            .equalTo(EmbeddingStatus.EMPTY.label())
            .and(vector.isNull());
    return when(size(vector).equalTo(dimension).or(isEmpty), vector)
        .otherwise(
            functions.raise_error(
                functions.concat(
                    lit("%s: a vector must have %d dimensions, found ".formatted(what, dimension)),
                    functions.coalesce(size(vector).cast(DataTypes.StringType), lit("none")))));
  }
}
