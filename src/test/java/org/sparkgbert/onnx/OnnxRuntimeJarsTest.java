package org.sparkgbert.onnx;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeJarsTest {
  @TempDir private Path folder;

  @Test
  void twoJarsWithTheSameClassesAreRefusedAndBothNamed() throws IOException {
    URL cpu = jar(folder.resolve("onnxruntime-1.28.0.jar"));
    URL gpu = jar(folder.resolve("onnxruntime_gpu-1.28.0.jar"));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {cpu, gpu}, null)) {
      assertThatThrownBy(() -> OnnxRuntimeJars.requireOne(loader))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot load ONNX Runtime: exactly one jar must contain it, found"
                  + " [onnxruntime-1.28.0.jar, onnxruntime_gpu-1.28.0.jar]");
    }
  }

  @Test
  void oneJarInTwoFoldersIsOne() throws IOException {
    URL first = jar(Files.createDirectory(folder.resolve("jars")).resolve("onnxruntime.jar"));
    URL second = jar(Files.createDirectory(folder.resolve("lib")).resolve("onnxruntime.jar"));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {first, second}, null)) {
      assertThatCode(() -> OnnxRuntimeJars.requireOne(loader)).doesNotThrowAnyException();
    }
  }

  @Test
  void aJarBesideAFolderOfClassesIsRefused() throws IOException {
    URL jar = jar(folder.resolve("onnxruntime.jar"));
    Path classes = folder.resolve("classes");
    Files.createDirectories(classes.resolve("ai").resolve("onnxruntime"));
    Files.createFile(classes.resolve("ai").resolve("onnxruntime").resolve("OrtEnvironment.class"));
    URL[] urls = {jar, classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, null)) {
      assertThatThrownBy(() -> OnnxRuntimeJars.requireOne(loader))
          .hasMessageEndingWith("found [onnxruntime.jar, classes]");
    }
  }

  @Test
  void theClassPathOfThisBuildHasOne() {
    assertThatCode(OnnxRuntimeJars::requireOne).doesNotThrowAnyException();
  }

  private static URL jar(Path file) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry("ai/onnxruntime/OrtEnvironment.class"));
      jar.closeEntry();
    }
    return file.toUri().toURL();
  }
}
