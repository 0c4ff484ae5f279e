package org.sparkgbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Directories;

class NodeCacheTest {
  @TempDir private Path folder;
  private Path root;
  private Path source;
  private NodeCache cache;

  @BeforeEach
  void copyTheTinyBundle() throws IOException {
    root = folder.resolve("cache").resolve("models");
    source = TinyModel.copyTo(folder.resolve("source"));
    cache = new NodeCache(root, CountingFileSystem.configuration());
    CountingFileSystem.MODELS_OPENED.set(0);
  }

  @Test
  void aBundleAtAFileUriIsCopiedAndOpens() throws IOException {
    Path copy = new NodeCache(root, new Configuration()).fetch(source.toUri().toString());
    assertThat(copy).hasParent(root);
    assertThat(copy.resolve("model.onnx")).hasSameBinaryContentAs(source.resolve("model.onnx"));
    assertThat(Bundle.open(copy).checksum()).isEqualTo(Bundle.open(source).checksum());
  }

  @Test
  void theSecondFetchUsesTheCopy() throws IOException {
    Path copy = cache.fetch(CountingFileSystem.uri(source));
    Files.delete(source.resolve("model.onnx"));
    assertThat(cache.fetch(CountingFileSystem.uri(source))).isEqualTo(copy);
    assertThat(CountingFileSystem.MODELS_OPENED).hasValue(1);
  }

  @Test
  void anotherBundleGetsAnotherCopy() throws IOException {
    Path copy = cache.fetch(CountingFileSystem.uri(source));
    TinyModel.editManifest(source, "\"revision\": \"1\"", "\"revision\": \"2\"");
    Path other = cache.fetch(CountingFileSystem.uri(source));
    assertThat(other).isNotEqualTo(copy);
    assertThat(Bundle.open(other).manifest().revision()).isEqualTo("2");
    assertThat(Bundle.open(copy).manifest().revision()).isEqualTo("1");
  }

  @Test
  void eightThreadsCopyOnceAndGetTheSameDirectory() throws Exception {
    CyclicBarrier start = new CyclicBarrier(8);
    Callable<Path> fetch =
        () -> {
          start.await();
          return new NodeCache(root, CountingFileSystem.configuration())
              .fetch(CountingFileSystem.uri(source));
        };
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Path> copies = new ArrayList<>();
      for (Future<Path> copy : threads.invokeAll(Collections.nCopies(8, fetch))) {
        copies.add(copy.get());
      }
      assertThat(copies).hasSize(8).containsOnly(copies.get(0));
      assertThat(CountingFileSystem.MODELS_OPENED).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void twoProcessesWaitForTheLockAndCopyOnce() throws Exception {
    String checksum = Checksums.sha256(source.resolve("bundle.json"));
    Path copy = root.resolve("bundle-" + checksum.substring(0, 32));
    Files.createDirectories(root);
    Path lockFile = root.resolve(copy.getFileName() + ".lock");
    List<Process> processes = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    try {
      List<BufferedReader> outputs = new ArrayList<>();
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assertThat(lock.isValid()).isTrue();
        for (int i = 0; i < 2; i++) {
          Process process = startProcess();
          processes.add(process);
          outputs.add(process.inputReader(StandardCharsets.UTF_8));
        }
        for (BufferedReader output : outputs) {
          assertThat(output.readLine()).isEqualTo("fetching");
        }
        assertThat(copy).doesNotExist();
      }
      for (BufferedReader output : outputs) {
        answers.add(output.readLine());
      }
    } finally {
      processes.forEach(Process::destroy);
    }
    assertThat(answers).containsExactlyInAnyOrder(copy + " 1", copy + " 0");
    assertThat(Bundle.open(copy).manifest().name()).isEqualTo("tiny-bert");
  }

  private Process startProcess() throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                NodeCacheProcess.class.getName(),
                root.toString(),
                CountingFileSystem.uri(source))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("CLASSPATH", classPath);
    return builder.start();
  }

  @Test
  void aDamagedSourceIsRefusedAndLeavesNothingThatLooksLikeABundle() throws IOException {
    byte[] content = Files.readAllBytes(source.resolve("tokenizer.json"));
    content[100] = (byte) (content[100] ^ 1);
    Files.write(source.resolve("tokenizer.json"), content);
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokenizer.json is damaged, expected SHA-256 cd2a84d672ecddd9");
    assertNothingLooksLikeABundle();
  }

  @Test
  void aMendedSourceIsCopiedAfterARefusal() throws IOException {
    Path tokenizer = source.resolve("tokenizer.json");
    byte[] content = Files.readAllBytes(tokenizer);
    Files.write(tokenizer, new byte[] {1});
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .hasMessageContaining("tokenizer.json is damaged, expected 11146 bytes, found 1 bytes");
    Files.write(tokenizer, content);
    assertThat(Bundle.open(cache.fetch(CountingFileSystem.uri(source)))).isNotNull();
  }

  @Test
  void aSourceWithoutAFileLeavesNothingThatLooksLikeABundle() throws IOException {
    Files.delete(source.resolve("tokenizer.json"));
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageStartingWith("Cannot fetch bundle " + CountingFileSystem.uri(source))
        .hasMessageContaining("tokenizer.json");
    assertNothingLooksLikeABundle();
  }

  @Test
  void aSourceWithoutAManifestIsNamed() throws IOException {
    Files.delete(source.resolve("bundle.json"));
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot fetch bundle counting:.*source: it needs a bundle.json, found none");
  }

  @Test
  void aSourceWithAnUnreadableManifestIsNamed() throws IOException {
    Files.writeString(source.resolve("bundle.json"), "{}");
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Cannot fetch bundle counting:.*source: bundle.json is not a manifest,"
                + " format_version is missing");
    assertNothingLooksLikeABundle();
  }

  @Test
  void whatADeadProcessLeftIsReplaced() throws IOException {
    String checksum = Checksums.sha256(source.resolve("bundle.json"));
    Path part = root.resolve("bundle-" + checksum.substring(0, 32) + ".part");
    Files.createDirectories(part.resolve("deeper"));
    Files.writeString(part.resolve("model.onnx"), "half a model");
    Files.writeString(part.resolve("deeper").resolve("stray"), "stray");
    Path copy = cache.fetch(CountingFileSystem.uri(source));
    assertThat(part).doesNotExist();
    assertThat(copy.resolve("deeper")).doesNotExist();
    assertThat(Bundle.open(copy).manifest().name()).isEqualTo("tiny-bert");
  }

  @Test
  void aDirectoryThatHoldsAnotherBundleIsReplaced() throws IOException {
    Path other = TinyModel.copyTo(folder.resolve("other"));
    TinyModel.editManifest(other, "\"prompt\": \"\"", "\"prompt\": \"foreign: \"");
    Path copy = cache.fetch(CountingFileSystem.uri(source));
    Directories.delete(copy);
    Files.move(other, copy);
    assertThat(cache.fetch(CountingFileSystem.uri(source))).isEqualTo(copy);
    assertThat(Bundle.open(copy).checksum()).isEqualTo(Bundle.open(source).checksum());
    assertThat(CountingFileSystem.MODELS_OPENED).hasValue(2);
  }

  @Test
  void aCopyOfWhichAFileWasLostIsMadeAgain() throws IOException {
    Path copy = cache.fetch(CountingFileSystem.uri(source));
    Files.delete(copy.resolve("tokenizer.json"));
    assertThat(Bundle.open(cache.fetch(CountingFileSystem.uri(source)))).isNotNull();
    assertThat(CountingFileSystem.MODELS_OPENED).hasValue(2);
  }

  @Test
  void aSourceWithALongerFileIsNotCopied() throws IOException {
    Files.writeString(source.resolve("model.onnx"), "more", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.onnx is damaged, expected ");
    assertThat(CountingFileSystem.MODELS_OPENED).hasValue(0);
  }

  @Test
  void nobodyElseMayEnterANewCache() throws IOException {
    cache.fetch(CountingFileSystem.uri(source));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
  }

  @Test
  void aCacheThatOthersMayWriteToIsRefused() throws IOException {
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> cache.fetch(CountingFileSystem.uri(source)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use the directory %s: it must be this user's own, found that others may write into it, rwxrwxrwx; choose another for copies of models (--model-cache)",
            root);
  }

  @Test
  void theDefaultRootIsNoPathThatOthersCanTake() {
    assertThat(NodeCache.defaultRoot(Map.of(), folder.toString()))
        .isEqualTo(folder.resolve(".cache/spark-gbert/models"));
    assertThat(NodeCache.defaultRoot(Map.of("XDG_CACHE_HOME", "/caches"), "/nowhere"))
        .isEqualTo(Path.of("/caches/spark-gbert/models"));
    assertThat(NodeCache.defaultRoot(Map.of("XDG_CACHE_HOME", "relative"), "?").getFileName())
        .hasToString("spark-gbert-models-" + System.getProperty("user.name"));
  }

  private void assertNothingLooksLikeABundle() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .doesNotContain(BundleManifest.FILE);
    }
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries.map(Path::toString)).allMatch(name -> name.matches(".*\\.(part|lock)"));
    }
  }
}
