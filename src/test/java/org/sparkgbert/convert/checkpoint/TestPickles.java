package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that {@code src/test/python/make_pickle_fixtures.py} made. */
final class TestPickles {
  static final String FILE = "pytorch_model.bin";

  private TestPickles() {}

  static byte[] bytes(String name) {
    try (InputStream in = TestPickles.class.getResourceAsStream("/pickle/" + name + ".bin")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void copy(String name, Path file) throws IOException {
    Files.write(file, bytes(name));
  }

  /** Puts a fixture as {@code pytorch_model.bin} into a directory and opens the directory. */
  static Weights open(String name, Path directory) {
    return open(bytes(name), directory);
  }

  static Weights open(byte[] content, Path directory) {
    TestSafetensors.write(directory.resolve(FILE), content);
    return WeightFiles.open(directory);
  }
}
