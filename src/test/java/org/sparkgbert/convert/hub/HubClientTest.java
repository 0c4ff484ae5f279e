package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubClientTest {
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
  void aSnapshotHoldsTheNeededFilesAndNamesItsCommit() throws IOException {
    HubClient.Snapshot snapshot = bench.download();

    assertThat(snapshot.commit()).isEqualTo(FakeHub.COMMIT);
    assertThat(snapshot.directory()).isEqualTo(bench.root().resolve("snapshots/" + FakeHub.COMMIT));
    for (String file : HubBench.NEEDED) {
      assertThat(snapshot.directory().resolve(file)).hasBinaryContent(bench.hub.content(file));
    }
  }

  @Test
  void onlyNeededFilesAreAskedFor() {
    for (String other :
        List.of(
            "pytorch_model.bin",
            "model.onnx",
            "onnx/model.onnx",
            "tf_model.h5",
            "flax_model.msgpack",
            "modeling_bert.py",
            "optimizer.pt",
            "training_args.bin",
            "model.fp16.safetensors",
            "Bild mit Umläuten.png",
            ".gitattributes")) {
      bench.hub.put(other, "other");
    }

    bench.download();

    assertThat(bench.hub.filesAskedFor()).isEqualTo(HubBench.NEEDED);
  }

  @Test
  void theCacheHasThePythonLayout() throws IOException {
    bench.download();

    Path link = bench.root().resolve("snapshots/" + FakeHub.COMMIT + "/1_Pooling/config.json");
    String blob = bench.hub.sibling("1_Pooling/config.json").path("blobId").asText();
    assertThat(Files.readSymbolicLink(link)).hasToString("../../../blobs/" + blob);
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
    assertThat(bench.root().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(leftOvers()).isEmpty();
  }

  @Test
  void aCompleteSnapshotIsNotDownloadedAgain() {
    bench.download();
    bench.hub.requests().clear();

    HubClient.Snapshot again = bench.download();

    assertThat(bench.hub.filesAskedFor()).isEmpty();
    assertThat(again.directory()).isDirectory();
    assertThat(bench.listener.expectedBytes).isZero();
    assertThat(bench.listener.expectedFiles).isZero();
  }

  @Test
  void aBlobOfAnotherCommitIsUsed() throws IOException {
    Files.createDirectories(bench.weightsBlob().getParent());
    Files.write(bench.weightsBlob(), bench.weights());

    HubClient.Snapshot snapshot = bench.download();

    assertThat(bench.hub.requestsOf(HubBench.WEIGHTS)).isEmpty();
    assertThat(snapshot.directory().resolve(HubBench.WEIGHTS)).hasBinaryContent(bench.weights());
  }

  @Test
  void aBlobOfTheWrongSizeIsReplaced() throws IOException {
    bench.download();
    Files.write(bench.weightsBlob(), new byte[] {1, 2, 3});

    bench.download();

    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void theSnapshotOfAnotherToolWithoutLinksIsUsed() throws IOException {
    Path file = bench.root().resolve("snapshots/" + FakeHub.COMMIT + "/" + HubBench.WEIGHTS);
    Files.createDirectories(file.getParent());
    Files.write(file, bench.weights());

    bench.download();

    assertThat(bench.hub.requestsOf(HubBench.WEIGHTS)).isEmpty();
    assertThat(file).isRegularFile().hasBinaryContent(bench.weights());
  }

  @Test
  void equalFilesAreDownloadedOnce() throws IOException {
    bench.hub.put("tokenizer_config.json", "{}").put("special_tokens_map.json", "{}");

    HubClient.Snapshot snapshot = bench.download();

    int requests =
        bench.hub.requestsOf("tokenizer_config.json").size()
            + bench.hub.requestsOf("special_tokens_map.json").size();
    assertThat(requests).isEqualTo(1);
    assertThat(snapshot.directory().resolve("tokenizer_config.json")).hasContent("{}");
    assertThat(snapshot.directory().resolve("special_tokens_map.json")).hasContent("{}");
  }

  @Test
  void anEmptyFileIsAFile() {
    bench.hub.put("added_tokens.json", "");

    assertThat(bench.download().directory().resolve("added_tokens.json")).isEmptyFile();
  }

  @Test
  void theTotalIsKnownUpFrontAndAllOfItArrives() {
    bench.download();

    long sizes =
        Stream.of("1_Pooling/config.json", "config.json", HubBench.WEIGHTS, "tokenizer.json")
            .mapToLong(file -> bench.hub.content(file).length)
            .sum();
    assertThat(bench.listener.expectedBytes).isEqualTo(sizes);
    assertThat(bench.listener.expectedFiles).isEqualTo(4);
    assertThat(bench.listener.receivedBytes()).isEqualTo(sizes);
  }

  @Test
  void fourFilesComeAtOnce() {
    CyclicBarrier four = new CyclicBarrier(4);
    for (String file :
        List.of("1_Pooling/config.json", "config.json", HubBench.WEIGHTS, "tokenizer.json")) {
      String end = "resolve/" + FakeHub.COMMIT + "/" + file;
      bench.hub.script(
          end,
          exchange -> {
            await(four);
            bench.hub.serve(exchange, file);
          });
    }

    bench.download();

    assertThat(four.isBroken()).isFalse();
    assertThat(bench.waits).isEmpty();
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aRevisionWithSlashesIsOneSegmentOfTheAddressAndAFolderOfTheCache() {
    bench.download(new HubReference("owner", "model", "refs/pr/7"));

    assertThat(bench.hub.requests().get(0).path())
        .isEqualTo("/api/models/owner/model/revision/refs%2Fpr%2F7");
    assertThat(bench.root().resolve("refs/refs/pr/7")).hasContent(FakeHub.COMMIT);
  }

  @Test
  void aCommitNeedsNoReference() {
    bench.download(new HubReference("owner", "model", FakeHub.COMMIT));

    assertThat(bench.root().resolve("refs")).doesNotExist();
  }

  @Test
  void theLicenceComesFromTheApi() {
    bench.hub.api().putObject("cardData").put("license", "mit");

    assertThat(bench.download().card().licence()).contains("mit");
  }

  @Test
  void theLicenceComesFromTheCardWhereTheApiIsSilent() {
    bench.hub.put("README.md", "---\nlanguage: de\nlicense: apache-2.0\n---\n# Model\n");

    assertThat(bench.download().card().licence()).contains("apache-2.0");
  }

  @Test
  void aRenamedModelIsFollowedAndSaidSo() {
    bench.hub.api().put("id", "owner/new-name");

    bench.download();

    assertThat(bench.listener.notes).containsExactly("owner/model is now owner/new-name");
  }

  @Test
  void sizesAndTagsComeFromHeadersWhereTheApiLacksThem() throws IOException {
    String sha256 = bench.weightsBlob().getFileName().toString();
    bench.hub.sibling(HubBench.WEIGHTS).remove(List.of("size", "lfs", "blobId"));
    bench.hub.script(
        HubBench.WEIGHTS,
        exchange -> {
          exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256 + "\"");
          exchange.getResponseHeaders().set("X-Linked-Size", "300000");
          exchange.getResponseHeaders().set("Location", "http://store.invalid/x");
          exchange.sendResponseHeaders(302, -1);
        });
    bench.hub.sibling("config.json").remove(List.of("size", "blobId"));
    bench.hub.script(
        FakeHub.COMMIT + "/config.json",
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "W/\"abc-1\"");
          exchange.getResponseHeaders().set("Content-Length", "22");
          exchange.sendResponseHeaders(200, -1);
        });

    HubClient.Snapshot snapshot = bench.download();

    assertThat(bench.hub.requestsOf(HubBench.WEIGHTS))
        .extracting(FakeHub.Request::method)
        .containsExactly("HEAD", "GET");
    assertThat(snapshot.directory().resolve(HubBench.WEIGHTS)).hasBinaryContent(bench.weights());
    assertThat(bench.root().resolve("blobs/abc-1")).hasContent("{\"model_type\": \"bert\"}");
  }

  @Test
  void anUnwritableCacheIsSaid() throws IOException {
    Files.writeString(bench.root(), "a file where a directory should be");

    assertThatThrownBy(() -> bench.download())
        .hasMessageStartingWith("Cannot keep modules.json of owner/model@main: ");
  }

  private List<Path> leftOvers() throws IOException {
    try (Stream<Path> paths = Files.walk(bench.root())) {
      return paths.filter(path -> path.toString().matches(".*\\.(incomplete|link|part)")).toList();
    }
  }
}
