package org.sparkgbert.embed;

import org.apache.spark.SparkConf;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.Sessions;
import org.sparkgbert.settings.Settings;

/** Gets ready, while Spark starts, what this JVM needs of a model, and does only once. */
public final class ModelPreload {
  private ModelPreload() {}

  /**
   * Verifies a bundle in a thread of its own; if tasks will run in this JVM, loads the native
   * libraries, too. A bundle at a Hadoop URI is left alone. Whatever goes wrong is left to the job,
   * which meets it again.
   *
   * @param location as in {@link ModelReference}
   * @param settings of the Spark application that is about to start
   */
  public static void start(String location, SparkConf settings) {
    ModelReference model = new ModelReference(location, "");
    if (model.isRemote()) {
      return;
    }
    boolean isOneJvm = DefaultModel.isOneJvm(settings.get("spark.master"));
    Thread thread = new Thread(() -> load(model, isOneJvm), "spark-gbert-model-preload");
    thread.setDaemon(true);
    thread.start();
  }

  private static void load(ModelReference model, boolean withLibraries) {
    try {
      Bundle bundle = model.open();
      if (withLibraries) {
        SentenceEncoder.openTokenizer(bundle, EncoderSettings.of(Settings.NONE, 1)).close();
        Sessions.loadLibrary();
      }
    } catch (RuntimeException | LinkageError e) {
      // The job opens the same bundle, and says what is wrong with it.
    }
  }
}
