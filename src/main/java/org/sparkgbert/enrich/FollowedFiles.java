package org.sparkgbert.enrich;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.ArrivingFiles;
import org.sparkgbert.corpus.CorpusSource;

/**
 * Files that arrive in a directory. Of two rows with the same id, the one in the file that was
 * written later counts, then the one whose file's path is greater, then the one that is later in
 * its file.
 *
 * @param files the files
 * @param schema the columns of those that were there when the stream began
 * @param needed columns that every file must have
 */
record FollowedFiles(ArrivingFiles files, StructType schema, List<String> needed)
    implements FollowedSource {

  static FollowedFiles open(
      SparkSession spark,
      CorpusSource corpus,
      Optional<FollowReading> begun,
      List<String> needed,
      Consumer<String> notes) {
    ArrivingFiles files = ArrivingFiles.of(spark, corpus);
    StructType schema =
        begun
            .map(reading -> (StructType) DataType.fromJson(reading.schema()))
            .orElseGet(() -> files.schema(needed, notes));
    return new FollowedFiles(files, schema, needed);
  }

  @Override
  public FollowReading reading() {
    return new FollowReading(FollowReading.Kind.FILES, schema.json(), 0, 0);
  }

  @Override
  public String note() {
    return "Following new files of %s. Not seen: files that are overwritten in place or deleted, and new directories that are no partitions; a run without --follow brings these in"
        .formatted(files.source().paths().get(0));
  }

  @Override
  public Dataset<Row> stream() {
    return files.rows(schema);
  }

  @Override
  public Column order() {
    return ArrivingFiles.order();
  }

  @Override
  public Column isThere() {
    return functions.lit(true);
  }

  @Override
  public void check(String checkpoint, long batch, List<String> kept, Consumer<String> notes) {
    List<Path> arrived = files.ofBatch(checkpoint, batch);
    files.require(arrived, schema, needed, kept, notes);
  }
}
