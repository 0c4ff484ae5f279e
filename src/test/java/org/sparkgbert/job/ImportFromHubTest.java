package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.convert.TestCheckpoints;
import org.sparkgbert.convert.hub.FakeHub;
import org.sparkgbert.files.Directories;
import org.sparkgbert.model.Bundle;

/** The command against a Hub on loopback. */
class ImportFromHubTest {
  private static final String TOKEN = "hf_geheimgeheimgeheim";

  @TempDir Path folder;
  private final CapturedConsole console = new CapturedConsole();
  private final Map<String, String> environment = new HashMap<>();
  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
    environment.put("HF_ENDPOINT", hub.uri().toString());
    environment.put("HF_HOME", folder.resolve("home").toString());
    environment.put("HF_TOKEN", TOKEN);
    serve("dense");
    hub.put("README.md", "---\nlicense: cc0-1.0\n---\n# Modell\n");
  }

  private void serve(String name) throws IOException {
    Path source = TestCheckpoints.FOLDER.resolve(name);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = source.relativize(file).toString();
        if (path.endsWith(".safetensors")) {
          hub.putLarge(path, Files.readAllBytes(file));
        } else {
          hub.put(path, Files.readString(file));
        }
      }
    }
  }

  @AfterEach
  void stop() {
    hub.close();
    assertThat(console.text()).doesNotContain(TOKEN, "geheim");
  }

  @Test
  void aModelOfTheHubBecomesABundleThatHolds() {
    assertThat(importModel(FakeHub.ID)).as(console.text()).isZero();
    Bundle bundle = Bundle.open(output());
    assertThat(bundle.manifest().source()).isEqualTo("owner/model");
    assertThat(bundle.manifest().name()).isEqualTo("model");
    assertThat(bundle.manifest().revision()).isEqualTo(FakeHub.COMMIT);
    assertThat(bundle.manifest().dimension()).isEqualTo(24);
    assertThat(console.out())
        .contains("Model      model, revision " + FakeHub.COMMIT, "Licence    cc0-1.0");
    assertThat(console.err())
        .anyMatch(line -> line.matches("Downloading \\d+ files, [\\d.]+ kB"))
        .anyMatch(line -> line.matches("\\[#{30}] 100 % of [\\d.]+ kB"));
    assertThat(hub.requests())
        .extracting(FakeHub.Request::authorization)
        .containsOnly("Bearer " + TOKEN);
    Path golden = TestCheckpoints.FOLDER.resolve("dense/golden.jsonl");
    assertThat(console.run("verify-model", output(), "--reference", golden)).isZero();
  }

  @Test
  void onlyWhatAnImportNeedsIsAskedFor() {
    hub.putLarge("pytorch_model.bin", new byte[] {1});
    hub.put("modeling_own.py", "import os");
    assertThat(importModel(FakeHub.ID)).isZero();
    assertThat(hub.requests())
        .extracting(FakeHub.Request::path)
        .noneMatch(path -> path.endsWith(".bin") || path.endsWith(".py"))
        .noneMatch(path -> path.endsWith("golden.jsonl"));
  }

  @Test
  void offlineItComesOutOfTheCache() throws IOException {
    assertThat(importModel(FakeHub.ID)).isZero();
    hub.requests().clear();
    environment.put("HF_HUB_OFFLINE", "1");
    Directories.delete(output());
    assertThat(importModel(FakeHub.ID)).as(console.text()).isZero();
    assertThat(hub.requests()).isEmpty();
    assertThat(Bundle.open(output()).manifest().revision()).isEqualTo(FakeHub.COMMIT);
  }

  @Test
  void offlineWithoutACacheItFailsInOneLine() {
    environment.put("HF_HUB_OFFLINE", "1");
    assertFailed(FakeHub.ID, Main.FAILED);
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void aModelThatIsMissingFailsInOneLine() {
    assertFailed("owner/other", Main.FAILED);
    assertThat(console.err().get(0)).contains("owner/other");
  }

  @Test
  void anEndpointThatIsNoAddressIsWrongUsage() {
    environment.put("HF_ENDPOINT", "ftp://user:geheim@example.org");
    assertFailed(FakeHub.ID, Main.WRONG_USAGE);
    assertThat(console.err().get(0))
        .isEqualTo(
            "spark-gbert: Cannot use HF_ENDPOINT: it must be http(s)://HOST[:PORT][/PATH], found"
                + " 'ftp://...@example.org'");
  }

  private void assertFailed(String source, int code) {
    assertThat(importModel(source)).isEqualTo(code);
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).hasSize(1);
    assertThat(console.err().get(0)).startsWith("spark-gbert: Cannot ");
    assertThat(output()).doesNotExist();
  }

  private int importModel(String source) {
    return console.importModel(environment, source, "--output", output().toString());
  }

  private Path output() {
    return folder.resolve("bundle");
  }
}
