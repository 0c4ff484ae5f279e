package org.sparkgbert.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.corpus.SparkErrors;

/**
 * Cluster models in a directory: {@code pipeline}, which {@code PipelineModel.load} of plain MLlib
 * reads too, and {@code cluster_model.json}, its {@link ClusterModelInfo}, written last.
 */
public final class ClusterModelFiles {
  /** Name of the file that says what the model is. */
  public static final String INFO = "cluster_model.json";

  /** Name of the directory with MLlib's pipeline. */
  public static final String PIPELINE = "pipeline";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ClusterModelFiles() {}

  /**
   * Writes a model.
   *
   * @param directory a path or Hadoop URI
   * @param overwrite whether an earlier model may be replaced, though nothing else
   * @throws IllegalArgumentException if the directory exists and may not be replaced
   */
  public static void save(
      FittedClusters clusters, String directory, boolean overwrite, SparkSession spark) {
    Path path = new Path(directory);
    try {
      FileSystem files = path.getFileSystem(spark.sessionState().newHadoopConf());
      makeRoom(files, path, overwrite);
      clusters.pipeline().write().session(spark).save(new Path(path, PIPELINE).toString());
      try (OutputStream out = files.create(new Path(path, INFO), false)) {
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(clusters.info()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write cluster model %s: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private static void makeRoom(FileSystem files, Path path, boolean overwrite) throws IOException {
    if (!files.exists(path)) {
      return;
    }
    boolean model = files.exists(new Path(path, PIPELINE));
    if (!overwrite || !model) {
      throw new IllegalArgumentException(
          "Cannot write cluster model %s: the directory exists%s"
              .formatted(path, model ? "" : " and is no cluster model"));
    }
    files.delete(path, true);
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
    try (InputStream in = file.getFileSystem(spark.sessionState().newHadoopConf()).open(file)) {
      return JSON.readValue(
          new String(in.readAllBytes(), StandardCharsets.UTF_8), ClusterModelInfo.class);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(
          "Cannot read cluster model %s: there is no %s".formatted(directory, INFO), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read cluster model %s: %s".formatted(directory, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read cluster model %s: %s".formatted(directory, e.getMessage()), e);
    }
  }
}
