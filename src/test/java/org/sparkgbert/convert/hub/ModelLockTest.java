package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLockTest {
  @TempDir Path directory;

  @Test
  void threadsOfThisJvmTakeTurns() {
    Path file = directory.resolve(".locks/m/x.lock");
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Runnable work =
        () -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          Thread.yield();
          inside.decrementAndGet();
        };
    List<Runnable> tasks =
        IntStream.range(0, 40)
            .<Runnable>mapToObj(i -> () -> ModelLock.holding(file, new RecordingListener(), work))
            .toList();

    ModelDownload.runAll(tasks);

    assertThat(most).hasValue(1);
  }

  @Test
  void failedWorkGivesTheLockBack() {
    Path file = directory.resolve("x.lock");
    Runnable failing =
        () -> {
          throw new HubException("failed");
        };

    assertThatThrownBy(() -> ModelLock.holding(file, new RecordingListener(), failing))
        .hasMessage("failed");
    ModelLock.holding(file, new RecordingListener(), () -> {});
  }

  @Test
  void anotherProcessIsWaitedFor() throws IOException, InterruptedException {
    Path file = directory.resolve("x.lock");
    Process other = startHolder(file);
    assertThat(other.inputReader().readLine()).isEqualTo("locked");
    RecordingListener listener = new RecordingListener();
    DownloadListener endsTheOther =
        new DownloadListener() {
          @Override
          public void expect(long bytes, int files) {}

          @Override
          public void received(long bytes) {}

          @Override
          public void note(String line) {
            listener.note(line);
            other.destroy();
          }
        };

    ModelLock.holding(file, endsTheOther, () -> listener.note("worked"));

    assertThat(listener.notes)
        .containsExactly(
            "waiting for another process that is downloading the same model", "worked");
    assertThat(other.waitFor()).isNotNegative();
  }

  private static Process startHolder(Path file) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes =
        Path.of(LockHolder.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    return new ProcessBuilder(
            java, "-Xshare:auto", "-cp", classes, LockHolder.class.getName(), file.toString())
        .start();
  }
}
