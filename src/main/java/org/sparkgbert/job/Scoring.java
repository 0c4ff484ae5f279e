package org.sparkgbert.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.embed.EmbeddingProvenance;
import org.sparkgbert.lake.StatusColumn;

/** A table of scores that is ready to be written; closing it gives back what it holds meanwhile. */
interface Scoring extends AutoCloseable {
  /** The table. */
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
