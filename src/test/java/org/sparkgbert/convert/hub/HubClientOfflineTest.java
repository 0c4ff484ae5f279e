package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubClientOfflineTest {
  @TempDir Path cache;
  private HubBench bench;

  @BeforeEach
  void start() throws IOException {
    bench = new HubBench(cache);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void theCacheIsEnough() {
    bench.hub.put("README.md", "---\nlicense: mit\n---\n");
    HubClient.Snapshot online = bench.download();
    bench.hub.requests().clear();

    HubClient.Snapshot offline = bench.offline().download();

    assertThat(offline).isEqualTo(online);
    assertThat(offline.card().licence()).contains("mit");
    assertThat(bench.hub.requests()).isEmpty();
  }

  @Test
  void aCommitIsFoundWithoutAReference() {
    HubReference commit = new HubReference("owner", "model", FakeHub.COMMIT);
    bench.download(commit);

    assertThat(bench.offline().download(commit).commit()).isEqualTo(FakeHub.COMMIT);
  }

  @Test
  void anUnknownRevisionIsAnError() {
    bench.download();

    assertThatThrownBy(() -> bench.offline().download(new HubReference("owner", "model", "v2")))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "Cannot use owner/model@v2 offline: the revision v2 is not in the cache, found no such"
                + " file under %s; unset HF_HUB_OFFLINE to download it",
            bench.root());
  }

  @Test
  void missingWeightsAreAnError() throws IOException {
    bench.download();
    Files.delete(bench.weightsBlob());

    assertThatThrownBy(() -> bench.offline().download())
        .hasMessageStartingWith(
            "Cannot use owner/model@main offline: model.safetensors or pytorch_model.bin is not in"
                + " the cache");
    assertThat(bench.hub.requestsOf(HubBench.WEIGHTS)).hasSize(1);
  }

  @Test
  void aCacheWithoutModulesIsUsedAndSaidSo() {
    bench.hub.remove("modules.json");
    bench.download();

    bench.offline().download();

    assertThat(bench.listener.notes)
        .containsExactly(
            "owner/model@main: the cache has no modules.json; if the model has one, it is not used");
  }
}
