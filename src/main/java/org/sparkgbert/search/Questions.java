package org.sparkgbert.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.UniqueIds;
import org.sparkgbert.vector.Similarity;

/**
 * The questions of a search, read into the driver's memory.
 *
 * @param keys reads their keys: the id, and the text if there is one
 * @param blocks those that can be compared, numbered from 0 in the order of their ids
 * @param leftOut keys of the others: questions without an embedding, or with a useless one
 */
record Questions(RowKeys keys, List<VectorBlock> blocks, List<byte[]> leftOut) {
  /**
   * Reads questions.
   *
   * @param rows their id, perhaps a text, and last their embedding, {@code array<float>}
   * @param blockRows rows per block
   * @throws IllegalArgumentException if an id is null or occurs twice, or embeddings differ in
   *     dimension
   */
  static Questions read(Dataset<Row> rows, Similarity similarity, int blockRows) {
    StructType schema = rows.schema();
    StructType key = new StructType();
    for (int i = 0; i < schema.size() - 1; i++) {
      key = key.add(schema.apply(i).name(), schema.apply(i).dataType(), true);
    }
    List<byte[]> leftOut = new ArrayList<>();
    List<VectorBlock> blocks = new ArrayList<>();
    new BlockReader(
            "read questions",
            PackRows.of(rows.orderBy(IdOrder.column(schema.apply(0))), key).toLocalIterator(),
            new RowKeys(key),
            similarity,
            blockRows,
            leftOut::add)
        .forEachRemaining(blocks::add);
    return new Questions(new RowKeys(key), List.copyOf(blocks), List.copyOf(leftOut));
  }

  /**
   * Checks the columns of questions.
   *
   * @throws IllegalArgumentException if one is missing or of the wrong type
   */
  static void require(StructType schema, String id, String embedding) {
    ColumnNames.require("read questions by", List.of(id, embedding), schema);
    ComparedColumns.requireOrder("read questions", schema.apply(id));
    ComparedColumns.requireFloats("read questions", schema.apply(embedding));
  }

  /** The column of ids. */
  StructField id() {
    return keys.columns().apply(0);
  }

  /** Number of questions that can be compared. */
  int count() {
    return blocks.stream().mapToInt(VectorBlock::rows).sum();
  }

  /** Length of their embeddings; empty if none can be compared. */
  OptionalInt dimension() {
    return blocks.stream().mapToInt(VectorBlock::dimension).findFirst();
  }

  /** The key of the question with that number. */
  byte[] key(int number) {
    VectorBlock block = block(number);
    return block.key(number - block.number(0));
  }

  /** A copy of the embedding of the question with that number. */
  float[] vector(int number) {
    VectorBlock block = block(number);
    return block.vector(number - block.number(0));
  }

  /** One of them, with number 0. */
  Questions only(int number) {
    float[] vector = vector(number);
    VectorBlock.Builder one = new VectorBlock.Builder(0, vector.length);
    one.add(key(number), vector);
    return new Questions(keys, List.of(one.build()), List.of());
  }

  private VectorBlock block(int number) {
    for (VectorBlock block : blocks) {
      if (number - block.number(0) < block.rows()) {
        return block;
      }
    }
    throw new IllegalArgumentException("Cannot find question: there is none with number " + number);
  }

  /** The id as people read it. */
  String shownId(byte[] key) {
    return UniqueIds.text(keys.shownId(key));
  }

  /** The text; empty if it is not known. */
  Optional<String> text(byte[] key) {
    return keys.columns().size() > 1
        ? Optional.ofNullable(keys.value(key, 1)).map(Object::toString)
        : Optional.empty();
  }
}
