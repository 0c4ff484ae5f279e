package org.sparkgbert.enrich;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.InputProvenance;

/** A corpus whose rows are followed as they arrive. */
sealed interface FollowedSource permits FollowedFiles, FollowedDelta, FollowedIceberg {
  /**
   * Opens a corpus.
   *
   * @param corpus where it is
   * @param begun how it was read when the stream began; empty if it begins now
   * @param needed columns that every row must have
   * @param notes is told what users should know
   * @throws IllegalArgumentException if it cannot be read, or not as a stream
   */
  static FollowedSource open(
      SparkSession spark,
      CorpusSource corpus,
      Optional<FollowReading> begun,
      List<String> needed,
      Consumer<String> notes) {
    String format = corpus.format().toLowerCase(Locale.ROOT);
    if (format.equals("delta") || format.equals("iceberg")) {
      requireWhole(corpus);
    }
    return switch (format) {
      case "delta" -> FollowedDelta.open(spark, corpus, begun);
      case "iceberg" -> FollowedIceberg.open(spark, corpus, begun);
      default -> FollowedFiles.open(spark, corpus, begun, needed, notes);
    };
  }

  private static void requireWhole(CorpusSource corpus) {
    if (corpus.paths().size() != 1) {
      throw new IllegalArgumentException(
          "Cannot follow %d tables: a stream reads one, found %s"
              .formatted(corpus.paths().size(), corpus.paths()));
    }
    for (String option : corpus.readOptions().keySet()) {
      if (InputProvenance.readsOtherVersion(option)) {
        throw new IllegalArgumentException(
            "Cannot follow with --read-option %s: a stream reads a table as it grows; leave it out"
                .formatted(option));
      }
    }
  }

  /** How it is read, to be kept beside the checkpoint. */
  FollowReading reading();

  /** The columns of its rows. */
  StructType schema();

  /** Which changes are seen and which are not, in one line. */
  String note();

  /** The rows that it has before the stream begins; empty if the stream gives them. */
  default Optional<Dataset<Row>> before() {
    return Optional.empty();
  }

  /** Its rows as they arrive, and the columns that {@link #order} and {@link #isThere} need. */
  Dataset<Row> stream();

  /** Of the rows of a batch with the same id, those with the greatest value count. */
  Column order();

  /** Whether an id is in the corpus after this row. */
  Column isThere();

  /**
   * Checks what a batch is about to read.
   *
   * @param checkpoint Spark's directory of the stream
   * @param kept columns that the table keeps; empty for all
   * @throws IllegalArgumentException if it cannot be read as what came before
   */
  default void check(String checkpoint, long batch, List<String> kept, Consumer<String> notes) {}
}
