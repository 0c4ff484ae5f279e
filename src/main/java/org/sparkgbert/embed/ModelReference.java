package org.sparkgbert.embed;

import java.io.Serializable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.model.NodeCache;
import org.sparkgbert.settings.Settings;

/**
 * Where a bundle is. Each JVM resolves it for itself; the model never travels in a closure.
 *
 * @param location {@value #DEFAULT}, a directory that every node has, a name unpacked by {@code
 *     --archives}, or a Hadoop URI that is copied to each node once
 * @param cache directory on each node for copies of Hadoop URIs, empty for one in the temporary
 *     directory
 */
public record ModelReference(String location, String cache) implements Serializable {
  /** Name of the bundle that the build makes. */
  public static final String DEFAULT = "default";

  /** Reads the settings of {@link EmbedderOptions}. */
  public static ModelReference of(Settings settings) {
    return new ModelReference(
        settings.get(EmbedderOptions.MODEL), settings.get(EmbedderOptions.MODEL_CACHE));
  }

  /**
   * Opens the bundle on this node, verified once per JVM.
   *
   * @throws IllegalArgumentException if there is none, or it is damaged
   */
  public Bundle open() {
    return Bundle.open(resolve());
  }

  private Path resolve() {
    if (location.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      Path root = cache.isEmpty() ? NodeCache.defaultRoot() : Path.of(cache);
      return new NodeCache(root, SparkHadoopUtil.get().conf()).fetch(location);
    }
    Path directory = Path.of(location);
    if (isBundle(directory)) {
      return directory;
    }
    if (SparkEnv.get() != null && isBundle(Path.of(SparkFiles.get(location)))) {
      return Path.of(SparkFiles.get(location));
    }
    return location.equals(DEFAULT) ? builtBundle() : directory;
  }

  private static boolean isBundle(Path directory) {
    return Files.isRegularFile(directory.resolve(BundleManifest.FILE));
  }

  /** The build leaves the bundle in {@code models/default} beside the jar. */
  static Path builtBundle() {
    try {
      Path code =
          Path.of(ModelReference.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return code.resolveSibling("models").resolve(DEFAULT);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Cannot find spark-gbert's jar", e);
    }
  }
}
