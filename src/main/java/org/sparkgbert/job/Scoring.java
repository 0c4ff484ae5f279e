package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.StatusColumn;

/** A table of scores in the making; closing it gives back what it holds meanwhile. */
interface Scoring extends AutoCloseable {
  /** Columns of the table, known before anything is encoded. */
  StructType schema();

  /** Encodes what has to be, and gives the table. To be called once. */
  Dataset<Row> table();

  /** Rows of the table, or about as many, if that is known. */
  OptionalLong rows();

  /** The columns that rows are counted by. */
  List<StatusColumn> statuses();

  /** What made the embeddings, if they say so. */
  Optional<EmbeddingProvenance> provenance();

  /** What encoding took. */
  EmbedWork work();

  @Override
  void close();
}
