package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DownloadProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final DownloadProgress progress =
      new DownloadProgress(
          new Console(System.out, new PrintStream(err, true, StandardCharsets.UTF_8)));

  @Test
  void sizeComesFirstAndTheShareLast() {
    progress.expect(1_340_000_000L, 7);
    progress.received(335_000_000);
    progress.note("trying again");
    progress.end();
    assertThat(lines())
        .containsExactly(
            "Downloading 7 files, 1,340.0 MB",
            "trying again",
            "[########......................]  25 % of 1,340.0 MB",
            "");
  }

  @Test
  void aFileThatIsStartedOverIsTakenBack() {
    progress.expect(1_000_000, 1);
    progress.received(900_000);
    progress.received(-900_000);
    progress.received(500_000);
    progress.end();
    assertThat(lines()).contains("[###############...............]  50 % of 1.0 MB");
  }

  @Test
  void moreThanExpectedIsAFullBar() {
    progress.expect(1_000_000, 1);
    progress.received(2_000_000);
    progress.end();
    assertThat(lines()).contains("[##############################] 100 % of 1.0 MB");
  }

  @Test
  void withoutADownloadThereIsNoBar() {
    progress.expect(0, 0);
    progress.end();
    assertThat(lines()).noneMatch(line -> line.contains("["));
  }

  private List<String> lines() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
