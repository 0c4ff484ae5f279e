package org.sparkgbert.search;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.EmbeddingTable;

/** How an index is read: as a whole, in the format that it has. */
final class IndexSource {
  private IndexSource() {}

  /**
   * The source with the format of the index.
   *
   * @param source names the index; the default format stands for any
   * @throws IllegalArgumentException if there is no such index, it is of another format, or options
   *     may leave out some of it
   */
  static CorpusSource of(CorpusSource source, SparkSession spark) {
    String place = source.paths().get(0);
    if (!source.readOptions().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot search: the index %s is read as a whole, found %s"
              .formatted(place, InputOptions.READ_OPTION.option()));
    }
    EmbeddingTable table = EmbeddingTable.find(place, spark);
    String own = table.format(spark);
    String given = source.format().toLowerCase(Locale.ROOT);
    boolean isView = given.equals(CorpusSource.VIEW) && table.kind() == EmbeddingTable.Kind.NAMED;
    if (!isView
        && !List.of(own, InputOptions.FORMAT.defaultValue().orElseThrow()).contains(given)) {
      throw new IllegalArgumentException(
          "Cannot search: the index %s is read by its own format, which is %s, found %s %s; leave that out"
              .formatted(place, own, InputOptions.FORMAT.option(), source.format()));
    }
    return new CorpusSource(source.paths(), own, source.readOptions(), source.where());
  }
}
