package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path directory;

  private void index(String json) throws IOException {
    Files.writeString(directory.resolve(INDEX), json);
  }

  private void assertRefused(String file, String reason) {
    assertThatThrownBy(() -> WeightFiles.open(directory).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read %s: %s", directory.resolve(file), reason);
  }

  private void shards() throws IOException {
    new TestSafetensors().floats("a", 1).floats("b", 2).write(directory.resolve(FIRST));
    new TestSafetensors().floats("c", 3).write(directory.resolve(SECOND));
    index(
        "{\"metadata\":{\"total_size\":12,\"x\":[[1]]},\"weight_map\":{\"a\":\"%s\",\"c\":\"%s\",\"b\":\"%s\"}}"
            .formatted(FIRST, SECOND, FIRST));
  }

  @Test
  void shardsReadLikeOneFile() throws IOException {
    shards();
    try (Weights weights = WeightFiles.open(directory)) {
      assertThat(weights.format()).isEqualTo("safetensors in 2 shards");
      assertThat(weights.names()).containsExactly("a", "b", "c");
      assertThat(weights.floats("b")).containsExactly(2);
      assertThat(weights.floats("c")).containsExactly(3);
      assertThat(weights.info("c")).hasToString("'c' F32 [1]");
      assertThatThrownBy(() -> weights.info("d"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot read tensor 'd' from %s: it does not exist, found 3 others",
              directory.resolve(INDEX));
    }
  }

  @Test
  void shardsOfPicklesReadToo() throws IOException {
    TestPickles.copy("plain-dict", directory.resolve("pytorch_model-00001-of-00001.bin"));
    Files.writeString(
        directory.resolve("pytorch_model.bin.index.json"),
        "{\"weight_map\":{\"w\":\"pytorch_model-00001-of-00001.bin\"}}");
    try (Weights weights = WeightFiles.open(directory)) {
      assertThat(weights.format()).isEqualTo("PyTorch pickle in 1 shard");
      assertThat(weights.floats("w")).containsExactly(0, 0.125f, 0.25f, 0.375f);
    }
  }

  @Test
  void safetensorsComeBeforePickles() throws IOException {
    TestPickles.copy("plain-dict", directory.resolve("pytorch_model.bin"));
    shards();
    try (Weights weights = WeightFiles.open(directory)) {
      assertThat(weights.format()).isEqualTo("safetensors in 2 shards");
    }
    try (Weights weights = new TestSafetensors().floats("w", 5).open(directory)) {
      assertThat(weights.format()).isEqualTo("safetensors");
    }
  }

  @Test
  void aDirectoryWithoutWeightsSaysWhatWasLookedFor() {
    assertThatThrownBy(() -> WeightFiles.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot open the weights of %s: it needs model.safetensors, "
                + "model.safetensors.index.json, pytorch_model.bin or "
                + "pytorch_model.bin.index.json, found none of them",
            directory);
  }

  @Test
  void aTensorThatItsShardLacksIsNamed() throws IOException {
    shards();
    new TestSafetensors().floats("x", 3).write(directory.resolve(SECOND));
    assertRefused(INDEX, SECOND + " must have tensor 'c', found 1 others");
  }

  @Test
  void aTensorInTwoShardsIsRefused() throws IOException {
    shards();
    new TestSafetensors().floats("c", 3).floats("a", 1).write(directory.resolve(SECOND));
    assertRefused(INDEX, "tensor 'a' must be in only one shard, found in two");
  }

  @Test
  void aShardThatIsMissingIsNamed() throws IOException {
    shards();
    Files.delete(directory.resolve(SECOND));
    assertRefused(SECOND, "it must be a file, found nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x.safetensors",
        "/etc/passwd",
        "a/b",
        "..",
        ".",
        "",
        "a\\\\b",
        "C:x",
        "a\\u0000"
      })
  void shardsThatAreNoPlainFileNamesAreRefused(String shard) throws IOException {
    index("{\"weight_map\":{\"a\":\"" + shard + "\"}}");
    assertThatThrownBy(() -> WeightFiles.open(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read %s: the shard of tensor 'a' must be a plain file name, found '",
            directory.resolve(INDEX));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                       | its weight_map must name tensors, found none",
        "{\"weight_map\":{}}      | its weight_map must name tensors, found none",
        "{\"weight_map\":[]}      | weight_map must be an object, found [",
        "{\"weight_map\":{\"a\":1}} | the shard of tensor 'a' must be a string, found 1",
        "[]                       | the index must be an object, found [",
        "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}} | the index is not valid JSON, "
            + "found 'Duplicate field 'a''",
      })
  void indexesOfAnotherFormAreRefused(String json, String reason) throws IOException {
    index(json);
    assertRefused(INDEX, reason);
  }

  @Test
  void linksToTheBlobsOfTheCacheAreFollowed(@TempDir Path cache) throws IOException {
    Path snapshot = Files.createDirectories(cache.resolve("models--a--b/snapshots/0123/2_Dense"));
    Path blobs = Files.createDirectories(cache.resolve("models--a--b/blobs"));
    new TestSafetensors().floats("w", 4).write(blobs.resolve("89ab"));
    Files.createSymbolicLink(
        snapshot.resolve(TestSafetensors.FILE), Path.of("../../../blobs/89ab"));
    try (Weights weights = WeightFiles.open(snapshot)) {
      assertThat(weights.floats("w")).containsExactly(4);
    }
  }

  @Test
  void linksInsideTheDirectoryAreFollowed() throws IOException {
    new TestSafetensors().floats("w", 4).write(directory.resolve("weights"));
    Files.createSymbolicLink(directory.resolve(TestSafetensors.FILE), Path.of("weights"));
    try (Weights weights = WeightFiles.open(directory)) {
      assertThat(weights.floats("w")).containsExactly(4);
    }
  }

  @Test
  void otherLinksOutOfTheDirectoryAreRefused(@TempDir Path elsewhere) throws IOException {
    Path file = elsewhere.toRealPath().resolve("secret");
    new TestSafetensors().floats("w", 4).write(file);
    Files.createSymbolicLink(directory.resolve(TestSafetensors.FILE), file);
    assertRefused(
        TestSafetensors.FILE,
        "it must be in its directory or in the blobs of its cache, found " + file);
    Files.delete(directory.resolve(TestSafetensors.FILE));
    shards();
    Files.delete(directory.resolve(SECOND));
    Files.createSymbolicLink(directory.resolve(SECOND), file);
    assertRefused(
        SECOND, "it must be in its directory or in the blobs of its cache, found " + file);
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    Path file = directory.resolve(TestSafetensors.FILE);
    Files.createSymbolicLink(file, Path.of("nowhere"));
    assertRefused(
        TestSafetensors.FILE, "it must be a file, found a link that does not lead to a file");
    Files.delete(file);
    Files.createDirectory(file);
    assertRefused(TestSafetensors.FILE, "it must be a file, found a directory");
  }
}
