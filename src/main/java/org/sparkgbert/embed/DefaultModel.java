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
import org.apache.spark.SparkContext;

/** Brings the default bundle, which lies beside the driver's jar, to the executors of a cluster. */
public final class DefaultModel {
  private DefaultModel() {}

  /**
   * Ships the bundle as a Spark archive, unless the job runs inside one JVM or the driver was given
   * another bundle by that name.
   */
  public static void ship(SparkContext spark) {
    Path bundle = ModelReference.builtBundle();
    if (spark.isLocal() || !Files.isDirectory(bundle)) {
      return;
    }
    try {
      Path folder = Files.createTempDirectory("spark-gbert-default-model");
      Path zip = folder.resolve(ModelReference.DEFAULT + ".zip");
      zip(bundle, zip);
      spark.addArchive(zip.toUri() + "#" + ModelReference.DEFAULT);
      zip.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot ship bundle " + bundle + ": " + e.getMessage(), e);
    }
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
