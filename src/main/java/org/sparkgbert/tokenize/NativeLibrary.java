package org.sparkgbert.tokenize;

import java.nio.file.Path;

/**
 * DJL's settings that must be in place before its native library loads: no downloads, no telemetry,
 * and a folder for the unpacked library that a service user without a home directory can write to.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  static void prepare() {
    setUnlessPresent("ai.djl.offline", "true");
    setUnlessPresent(
        "ENGINE_CACHE_DIR",
        Path.of(
                System.getProperty("java.io.tmpdir"),
                "spark-gbert-native-" + System.getProperty("user.name"))
            .toString());
  }

  private static void setUnlessPresent(String key, String value) {
    if (System.getenv(key) == null && System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
