package org.sparkgbert.corpus;

import java.util.List;
import java.util.Map;

/**
 * A file of a corpus.
 *
 * @param path the file
 * @param columns names of its columns
 * @param metadata what Spark keeps of its columns beside their types, as JSON by column
 */
record CorpusFile(String path, List<String> columns, Map<String, String> metadata) {
  CorpusFile {
    columns = List.copyOf(columns);
    metadata = Map.copyOf(metadata);
  }

  /** A file of a format that keeps nothing beside. */
  CorpusFile(String path, List<String> columns) {
    this(path, columns, Map.of());
  }
}
