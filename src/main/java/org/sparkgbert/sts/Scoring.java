package org.sparkgbert.sts;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Scored pairs in the making; closing it gives back what it holds meanwhile. */
interface Scoring extends AutoCloseable {
  /** The scored pairs, planned; to be read after {@link #encode}. */
  Dataset<Row> table();

  /** Encodes what has to be. */
  void encode(Progress progress);

  /** What made the embeddings, if they say so. */
  Optional<EmbeddingProvenance> provenance();

  /** What encoding took. */
  EmbedWork work();

  @Override
  void close();
}
