package org.sparkgbert.job;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Spark installation out of links to the jars that Maven resolved. */
final class SparkJars {
  /** What SPARK_HOME is set to; no temporary directory, since JUnit warns of each link there. */
  static final Path HOME = Shell.CHECKOUT.resolve("target").resolve("test-spark");

  private SparkJars() {}

  /** Makes the links that are missing. */
  static void link() throws IOException {
    Path jars = Files.createDirectories(HOME.resolve("jars"));
    String classPath = Files.readString(Shell.CHECKOUT.resolve("target/spark.classpath")).trim();
    for (String jar : classPath.split(File.pathSeparator, -1)) {
      Path link = jars.resolve(Path.of(jar).getFileName());
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of(jar));
      }
    }
  }
}
