package org.sparkgbert.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.files.HadoopFiles;

/**
 * Cluster models in a directory: {@code pipeline}, which {@code PipelineModel.load} of plain MLlib
 * can also read, and {@code cluster_model.json}, its {@link ClusterModelInfo}, written last.
 */
public final class ClusterModelFiles {
  /** Name of the file that describes the model. */
  public static final String INFO = "cluster_model.json";

  /** Name of the directory with MLlib's pipeline. */
  public static final String PIPELINE = "pipeline";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ClusterModelFiles() {}

  /**
   * Writes a model.
   *
   * @param directory a path or Hadoop URI
   * @throws IllegalArgumentException if the directory exists
   */
  public static void save(FittedClusters clusters, String directory, SparkSession spark) {
    Path path = new Path(directory);
    Configuration hadoop = spark.sessionState().newHadoopConf();
    if (HadoopFiles.exists(path, hadoop)) {
      throw new IllegalArgumentException(
          "Cannot write cluster model %s: the directory exists".formatted(directory));
    }
    try {
      clusters.pipeline().write().session(spark).save(new Path(path, PIPELINE).toString());
      HadoopFiles.write(
          HadoopFiles.of(path, hadoop),
          new Path(path, INFO),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(clusters.info()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write cluster model %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  /**
   * Reads a model.
   *
   * @param directory a path or Hadoop URI
   * @throws IllegalArgumentException if there is none, or it cannot be read
   */
  public static FittedClusters load(String directory, SparkSession spark) {
    ClusterModelInfo info = info(directory, spark);
    String pipeline = new Path(directory, PIPELINE).toString();
    try {
      return new FittedClusters(info, PipelineModel.read().session(spark).load(pipeline));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot read cluster model %s: %s".formatted(directory, SparkErrors.oneLine(e)), e);
    }
  }

  private static ClusterModelInfo info(String directory, SparkSession spark) {
    Path file = new Path(directory, INFO);
    String json =
        HadoopFiles.readText(file, spark.sessionState().newHadoopConf())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot read cluster model %s: there is no %s".formatted(directory, INFO)));
    try {
      return JSON.readValue(json, ClusterModelInfo.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read cluster model %s: %s".formatted(directory, e.getOriginalMessage()), e);
    }
  }
}
