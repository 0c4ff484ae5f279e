package org.sparkgbert.tokenize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.sparkgbert.files.Directories;
import org.sparkgbert.files.PrivateDirectory;

/**
 * DJL's settings that must be in place before one of its native libraries loads, the tokenizer's or
 * PyTorch's: no downloads, no telemetry, and a folder for the unpacked library that a service user
 * without a home directory can write to.
 */
public final class NativeLibrary {
  private NativeLibrary() {}

  /** Puts the settings in place, unless the user has set them. */
  public static void prepare() {
    setUnlessPresent("ai.djl.offline", () -> "true");
    setUnlessPresent("ENGINE_CACHE_DIR", () -> ownFolder().toString());
  }

  /** A library that another user could replace would run as this one. */
  private static Path ownFolder() {
    Path shared =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "spark-gbert-native-" + System.getProperty("user.name"));
    try {
      return PrivateDirectory.of(shared);
    } catch (IllegalArgumentException notOwn) {
      return newFolder();
    } catch (IOException e) {
      return shared;
    }
  }

  /** For this JVM alone. */
  private static Path newFolder() {
    try {
      Path folder = Files.createTempDirectory("spark-gbert-native");
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> Directories.deleteUnchecked(folder), "spark-gbert"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack a native library: " + e, e);
    }
  }

  private static void setUnlessPresent(String key, Supplier<String> value) {
    if (System.getenv(key) == null && System.getProperty(key) == null) {
      System.setProperty(key, value.get());
    }
  }
}
