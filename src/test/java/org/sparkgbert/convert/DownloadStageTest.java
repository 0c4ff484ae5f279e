package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.action.Progress;

class DownloadStageTest {
  private final List<String> heard = new ArrayList<>();
  private final DownloadStage download =
      new DownloadStage(
          new Progress() {
            @Override
            public void note(String line) {
              heard.add(line);
            }

            @Override
            public void bytes(long done, long total) {
              heard.add(done + " of " + total);
            }
          });

  @Test
  void sizeComesFirst() {
    download.expect(1_340_000_000L, 7);
    download.received(335_000_000);
    download.note("trying again");
    assertThat(heard)
        .containsExactly(
            "Downloading 7 files, 1.34 GB",
            "0 of 1340000000",
            "335000000 of 1340000000",
            "trying again");
  }

  @Test
  void aFileThatIsStartedOverIsTakenBack() {
    download.expect(1_000_000, 1);
    download.received(900_000);
    download.received(-900_000);
    download.received(500_000);
    assertThat(heard).endsWith("900000 of 1000000", "0 of 1000000", "500000 of 1000000");
  }
}
