package org.sparkgbert.lake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.sparkgbert.files.HadoopFiles;

/**
 * Reads data files back and adds their checksums, on the executors. Parquet's own checksums cover
 * pages only: not their headers, nor the indexes that filters trust.
 */
final class FileChecksums implements Function<String, String> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_TASKS = 1_000;

  private final String directory;
  private final SerializableConfiguration hadoop;

  private FileChecksums(String directory, Configuration hadoop) {
    this.directory = directory;
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  /**
   * The files of a directory, in the same order, with their checksums.
   *
   * @param known files whose checksums were compared already
   */
  static List<RunManifest.DataFile> of(
      Path directory,
      List<RunManifest.DataFile> files,
      List<RunManifest.DataFile> known,
      SparkSession spark) {
    Map<String, String> checksums = new HashMap<>();
    known.forEach(file -> checksums.put(file.path(), file.sha256()));
    // Kryo can read no records, so only their paths are data of tasks.
    List<String> paths =
        files.stream()
            .map(RunManifest.DataFile::path)
            .filter(path -> !checksums.containsKey(path))
            .toList();
    if (!paths.isEmpty()) {
      List<String> read = read(directory, paths, spark);
      IntStream.range(0, paths.size()).forEach(i -> checksums.put(paths.get(i), read.get(i)));
    }
    return files.stream().map(file -> file.withSha256(checksums.get(file.path()))).toList();
  }

  private static List<String> read(Path directory, List<String> paths, SparkSession spark) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(paths, Math.min(paths.size(), MAX_TASKS))
        .map(new FileChecksums(directory.toString(), hadoop))
        .collect();
  }

  @Override
  public String call(String path) {
    return HadoopFiles.sha256(new Path(directory + "/" + path), hadoop.value());
  }
}
