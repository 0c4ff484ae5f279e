package org.sparkgbert.embed;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.sparkgbert.files.CodeLocation;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.model.NodeCache;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

/**
 * Where a bundle is. Each JVM resolves it for itself; the model never travels in a closure.
 *
 * @param location {@value #DEFAULT} or its twin for GPUs, a directory that every node has, a name
 *     unpacked by {@code --archives}, or a Hadoop URI that is copied to each node once
 * @param cache directory on each node for copies of Hadoop URIs, empty for one in the user's
 *     directory for caches
 * @param prompt text put before each sentence, instead of the manifest's; null for the manifest's
 */
public record ModelReference(String location, String cache, String prompt) implements Serializable {
  /** Name of the bundle that the build makes for CPUs. */
  public static final String DEFAULT = "default";

  /** Name of the bundle of the same model that the build makes for GPUs. */
  static final String DEFAULT_GPU = "default-gpu";

  /** With the manifest's prompt. */
  public ModelReference(String location, String cache) {
    this(location, cache, null);
  }

  /** The same model with another prompt. */
  public ModelReference withPrompt(String text) {
    return new ModelReference(location, cache, text);
  }

  /**
   * Reads the settings of {@link EmbedderOptions}. If a GPU is demanded, the default model is the
   * one for GPUs.
   */
  public static ModelReference of(Settings settings) {
    String model = settings.get(EmbedderOptions.MODEL);
    boolean onGpu = settings.get(DeviceOptions.DEVICE) == DeviceChoice.CUDA;
    return new ModelReference(
        onGpu && model.equals(DEFAULT) ? DEFAULT_GPU : model,
        settings.get(EmbedderOptions.MODEL_CACHE));
  }

  /**
   * Opens the bundle on this node, verified once per JVM.
   *
   * @throws IllegalArgumentException if there is none, or it is damaged
   */
  public Bundle open() {
    Bundle bundle = Bundle.open(resolve());
    return prompt == null ? bundle : bundle.withPrompt(prompt);
  }

  private Path resolve() {
    if (isRemote()) {
      Path root = cache.isEmpty() ? NodeCache.defaultRoot() : Path.of(cache);
      return new NodeCache(root, SparkHadoopUtil.get().conf()).fetch(location);
    }
    Path directory = Path.of(location);
    finishPublication(directory);
    if (isBundle(directory)) {
      return directory;
    }
    if (SparkEnv.get() != null && isBundle(Path.of(SparkFiles.get(location)))) {
      return Path.of(SparkFiles.get(location));
    }
    boolean isBuilt = location.equals(DEFAULT) || location.equals(DEFAULT_GPU);
    return isBuilt ? builtBundle(location) : directory;
  }

  /** By one thread at a time: a model may be opened while it is loaded ahead. */
  private static synchronized void finishPublication(Path directory) {
    BundlePublication.finishBeforeReading(directory);
  }

  /** Whether it is a Hadoop URI. */
  boolean isRemote() {
    return location.matches("[A-Za-z][A-Za-z0-9+.-]+:.*");
  }

  private static boolean isBundle(Path directory) {
    return Files.isRegularFile(directory.resolve(BundleManifest.FILE));
  }

  /** The build leaves its bundles in {@code models} beside the jar. */
  static Path builtBundle(String name) {
    return CodeLocation.of(ModelReference.class).resolveSibling("models").resolve(name);
  }
}
