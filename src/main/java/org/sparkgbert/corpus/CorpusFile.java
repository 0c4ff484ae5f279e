package org.sparkgbert.corpus;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * A file of a corpus.
 *
 * @param path the file
 * @param columns names of its columns
 * @param types its columns with their types, as Spark reads them; empty if they are not known
 * @param metadata what Spark keeps of its columns beside their types, as JSON by column
 */
record CorpusFile(
    String path, List<String> columns, StructType types, Map<String, String> metadata) {
  CorpusFile {
    columns = List.copyOf(columns);
    metadata = Map.copyOf(metadata);
  }

  /** A file of a format that keeps nothing beside. */
  CorpusFile(String path, List<String> columns) {
    this(path, columns, new StructType(), Map.of());
  }
}
