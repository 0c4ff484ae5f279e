package org.sparkgbert.enrich;

import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.LakeTable;

/** Where the vectors of a table wait until they are in it. */
final class StagePlace {
  private static final String VECTORS = ".vectors";

  /** Formats leave hidden names alone when they delete files that are none of a table. */
  private static final String IN_TABLE = ".spark-gbert-vectors";

  private StagePlace() {}

  /** In a directory that several tables may have for it. */
  static Path in(String directory, String table) {
    return new Path(directory, asName(table));
  }

  /** In a table's own directory; empty if its catalog does not tell that. */
  static Optional<Path> in(LakeTable table) {
    return table.location().map(location -> new Path(location, IN_TABLE));
  }

  /** Beside a table's directory. */
  static Path beside(String directory) {
    Path table = new Path(directory);
    return new Path(table.getParent(), "." + table.getName() + VECTORS);
  }

  /**
   * In the user's home directory: of a table that is not there yet.
   *
   * @throws IllegalArgumentException if executors may not see it
   */
  static Path inHome(SparkSession spark, String table) {
    return sharedHome(spark)
        .map(home -> inHome(home, table))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot enrich table %s: it has no directory yet that all executors see; name one for unfinished work by --stage"
                        .formatted(table)));
  }

  /** What a run left in the home directory before the table was there. */
  static Optional<Path> leftInHome(SparkSession spark, String table) {
    return sharedHome(spark)
        .map(home -> inHome(home, table))
        .filter(left -> HadoopFiles.exists(left, spark.sessionState().newHadoopConf()));
  }

  /** The user's home directory, if all executors see it. */
  private static Optional<Path> sharedHome(SparkSession spark) {
    FileSystem files = HadoopFiles.of(new Path("/"), spark.sessionState().newHadoopConf());
    boolean isShared = !files.getUri().getScheme().equals("file") || spark.sparkContext().isLocal();
    return isShared ? Optional.of(files.getHomeDirectory()) : Optional.empty();
  }

  private static Path inHome(Path home, String table) {
    return new Path(home, ".spark-gbert/" + asName(table) + VECTORS);
  }

  private static String asName(String table) {
    return table.replaceAll("[^A-Za-z0-9_.-]", "_");
  }
}
