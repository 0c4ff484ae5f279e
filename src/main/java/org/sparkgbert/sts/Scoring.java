package org.sparkgbert.sts;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedWork;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Pairs that are being scored; closing it releases what it holds. */
interface Scoring extends AutoCloseable {
  /** The scored pairs, planned; to be read after {@link #encode}. */
  Dataset<Row> table();

  /** Encodes what has to be encoded. */
  void encode(Progress progress);

  /** What made the embeddings, if known. */
  Optional<EmbeddingProvenance> provenance();

  /** The work of encoding. */
  EmbedWork work();

  @Override
  void close();
}
