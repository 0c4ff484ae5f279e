package org.sparkgbert.convert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with random damage give a message or numbers, and nothing else. */
class DamagedFilesTest {
  private static final int FILES = 500;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  /** Opens a file and reads all that it claims to have. */
  @FunctionalInterface
  private interface Opener {
    Weights open(byte[] content);
  }

  private static void damageAndRead(byte[] good, int seed, Opener opener) {
    Random random = new Random(seed);
    long start = System.nanoTime();
    for (int i = 0; i < FILES; i++) {
      byte[] bad = good.clone();
      int flips = 1 + random.nextInt(4);
      for (int flip = 0; flip < flips; flip++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      readAll(bad, opener);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
  }

  private static void readAll(byte[] content, Opener opener) {
    try (Weights weights = opener.open(content)) {
      for (String name : weights.names()) {
        if (weights.info(name).type().isWeight()) {
          assertThat(weights.floats(name).length).isLessThanOrEqualTo(content.length);
        }
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      assertThat(e.getMessage())
          .startsWith("Cannot read ")
          .doesNotContain("\n")
          .hasSizeLessThan(800);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state-dict",
        "plain-dict",
        "protocol-4",
        "handmade",
        "zip64",
        "os-system",
        "stack-global",
        "nested-reduce",
        "expanded",
        "entry-twice",
        "deflated",
      })
  void pickles(String fixture) {
    damageAndRead(
        TestPickles.bytes(fixture), fixture.hashCode(), bad -> TestPickles.open(bad, directory));
  }

  @Test
  void safetensors() {
    byte[] good =
        new TestSafetensors()
            .entry("\"__metadata__\":{\"format\":\"pt\"}")
            .floats("encoder.weight", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)
            .shorts("encoder.bias", "F16", (short) 1, (short) 2)
            .bytes();
    damageAndRead(good, 7, bad -> TestSafetensors.open(directory, bad));
  }

  @Test
  void truncatedFiles() {
    byte[] pickle = TestPickles.bytes("handmade");
    for (int length = 0; length < pickle.length; length++) {
      readAll(Arrays.copyOf(pickle, length), bad -> TestPickles.open(bad, directory));
    }
  }
}
