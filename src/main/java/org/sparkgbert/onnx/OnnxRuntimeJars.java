package org.sparkgbert.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The jars that contain ONNX Runtime. The one for GPUs has the same classes as the one without:
 * with both on the class path the first wins, silently.
 */
final class OnnxRuntimeJars {
  private static final String CLASS = "ai/onnxruntime/OrtEnvironment.class";

  private OnnxRuntimeJars() {}

  /**
   * @throws IllegalStateException if there is more than one; the message names them all
   */
  static void requireOne() {
    requireOne(OnnxRuntimeJars.class.getClassLoader());
  }

  static void requireOne(ClassLoader loader) {
    try {
      Set<String> jars = new LinkedHashSet<>();
      for (URL url : Collections.list(loader.getResources(CLASS))) {
        String path = url.getPath();
        String jar = path.substring(0, path.length() - CLASS.length()).replaceAll("!?/$", "");
        // Spark may put one jar on the class path twice, from two folders.
        jars.add(jar.substring(jar.lastIndexOf('/') + 1));
      }
      if (jars.size() > 1) {
        throw new IllegalStateException(
            "Cannot load ONNX Runtime: exactly one jar must contain it, found " + jars);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for ONNX Runtime on the class path", e);
    }
  }
}
