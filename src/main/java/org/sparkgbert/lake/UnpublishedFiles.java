package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a table can be made of that is not published yet: what earlier runs left of it, and what
 * this run leaves to the next one should it not publish either.
 */
public final class UnpublishedFiles {
  /** For formats of which nothing is left. */
  static final UnpublishedFiles NONE =
      new UnpublishedFiles(
          FinishedFiles.NONE,
          rows -> {
            throw new UnsupportedOperationException("Cannot keep rows: for Parquet only");
          });

  /** Writes rows beside the table. */
  @FunctionalInterface
  interface Keeping {
    FinishedFiles keep(Dataset<Row> rows) throws IOException;
  }

  private final FinishedFiles finished;
  private final Keeping keeping;

  UnpublishedFiles(FinishedFiles finished, Keeping keeping) {
    this.finished = finished;
    this.keeping = keeping;
  }

  /** What earlier runs left. */
  public FinishedFiles finished() {
    return finished;
  }

  /**
   * Writes rows that the table is made of beside it, once in a run: the files of finished tasks
   * stay until a run publishes the table.
   *
   * @return these files
   * @throws UncheckedIOException if the file system fails, or another run took the lease
   */
  public FinishedFiles keep(Dataset<Row> rows) {
    try {
      return keeping.keep(rows);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write rows beside the table: " + e.getMessage(), e);
    }
  }

  /** Files of both. */
  public static FinishedFiles both(FinishedFiles some, FinishedFiles others) {
    return new FinishedFiles(
        Stream.concat(some.files().stream(), others.files().stream()).toList());
  }
}
