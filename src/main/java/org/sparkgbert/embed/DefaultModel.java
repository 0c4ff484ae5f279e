package org.sparkgbert.embed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkConf;

/** Ships the default bundle, which is next to the driver's jar, to the executors of a cluster. */
public final class DefaultModel {
  private static final String ARCHIVES = "spark.archives";
  private static final String GPUS = "spark.executor.resource.gpu.amount";

  private DefaultModel() {}

  /**
   * Adds the bundle to the archives of a Spark application that is about to start, and the one for
   * GPUs if its executors have some, unless the job runs in one JVM or executors are given another
   * bundle of that name.
   *
   * <p>It must be called before the start: what is added to a running SparkContext does not reach
   * the tasks of an SQL session.
   */
  public static void ship(SparkConf settings) {
    if (isOneJvm(settings.get("spark.master"))) {
      return;
    }
    ship(settings, ModelReference.DEFAULT);
    if (settings.getInt(GPUS, 0) > 0) {
      ship(settings, ModelReference.DEFAULT_GPU);
    }
  }

  private static void ship(SparkConf settings, String name) {
    Path bundle = ModelReference.builtBundle(name);
    String archives = settings.get(ARCHIVES, "");
    if (archives.matches(".*#" + name + "(,.*)?") || !Files.isDirectory(bundle)) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory("spark-gbert-default-model");
      Path zip = folder.resolve(name + ".zip");
      // Deleted in reverse order.
      folder.toFile().deleteOnExit();
      zip.toFile().deleteOnExit();
      zip(bundle, zip);
      settings.set(ARCHIVES, (archives.isEmpty() ? "" : archives + ",") + zip.toUri() + "#" + name);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot ship bundle " + bundle + ": " + e.getMessage(), e);
    }
  }

  /** Whether tasks run in the driver's JVM. */
  static boolean isOneJvm(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  private static void zip(Path bundle, Path zip) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(bundle)) {
      files = list.toList();
    }
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.setLevel(Deflater.BEST_SPEED);
      for (Path file : files) {
        out.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
