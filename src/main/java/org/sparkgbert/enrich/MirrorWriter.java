package org.sparkgbert.enrich;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.lake.WrittenTable;

/** Writes what became of a corpus into the table that mirrors it. */
sealed interface MirrorWriter permits ParquetMirror, LakeMirror {
  /**
   * Publishes.
   *
   * @param rows the corpus
   * @param due what became of its rows
   * @param vectors vectors by the keys of new and changed texts
   */
  WrittenTable write(MirrorRows rows, MirrorDelta due, Dataset<Row> vectors);
}
