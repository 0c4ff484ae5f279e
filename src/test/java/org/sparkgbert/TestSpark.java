package org.sparkgbert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The Spark session that all tests of a JVM share; it ends with the JVM. */
public final class TestSpark {
  /** An identifier and a text. */
  public static final StructType ID_AND_TEXT =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("text", DataTypes.StringType, true);

  private static SparkSession session;

  private TestSpark() {}

  /**
   * The session, with two threads and two shuffle partitions. It interprets expressions: tables of
   * a few rows end before Java code for them is compiled. What users type runs in integration
   * tests, with Spark's own settings.
   */
  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .appName("spark-gbert tests")
              .master("local[2]")
              .config("spark.ui.enabled", "false")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.sql.codegen.wholeStage", "false")
              .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.sql.warehouse.dir", warehouse().toUri().toString())
              .getOrCreate();
    }
    return session;
  }

  /**
   * A new session beside the shared one, in which Spark compiles expressions, as it does for users.
   */
  public static SparkSession compiling() {
    SparkSession compiling = session().newSession();
    compiling.conf().set("spark.sql.codegen.wholeStage", true);
    compiling.conf().set("spark.sql.codegen.factoryMode", "FALLBACK");
    return compiling;
  }

  /** A table of texts, numbered from 0, in the given count of partitions. */
  public static Dataset<Row> texts(List<String> texts, int partitions) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(RowFactory.create(i, texts.get(i)));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session().sparkContext());
    return session().createDataFrame(context.parallelize(rows, partitions), ID_AND_TEXT);
  }

  private static Path warehouse() {
    try {
      Path directory = Files.createTempDirectory("spark-gbert-warehouse");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a warehouse", e);
    }
  }

  private static void delete(Path directory) {
    try (var paths = Files.walk(directory)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete " + directory, e);
    }
  }
}
