package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubClientFaultsTest {
  private static final String WEIGHTS = HubBench.WEIGHTS;

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
  void aCutConnectionGoesOnAtTheRightByte() {
    bench.hub.script(WEIGHTS, FakeAnswers.content(bench.weights(), 300_000, 100_000));

    HubClient.Snapshot snapshot = bench.download();

    assertThat(bench.hub.requestsOf(WEIGHTS))
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-");
    assertThat(snapshot.directory().resolve(WEIGHTS)).hasBinaryContent(bench.weights());
    assertThat(bench.listener.receivedBytes()).isEqualTo(bench.listener.expectedBytes);
  }

  @Test
  void aPartialFileOfAnEarlierRunGoesOn() throws IOException {
    Files.createDirectories(bench.weightsBlob().getParent());
    Files.write(bench.weightsPartial(), Arrays.copyOf(bench.weights(), 123_456));

    bench.download();

    assertThat(bench.hub.requestsOf(WEIGHTS))
        .extracting(FakeHub.Request::range)
        .containsExactly("bytes=123456-");
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
    assertThat(bench.listener.pieces).contains(123_456L);
    assertThat(bench.listener.receivedBytes()).isEqualTo(bench.listener.expectedBytes);
  }

  @Test
  void aWholePartialFileNeedsNoRequest() throws IOException {
    Files.createDirectories(bench.weightsBlob().getParent());
    Files.write(bench.weightsPartial(), bench.weights());

    bench.download();

    assertThat(bench.hub.requestsOf(WEIGHTS)).isEmpty();
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void aPartialFileThatIsTooLongStartsOver() throws IOException {
    Files.createDirectories(bench.weightsBlob().getParent());
    Files.write(bench.weightsPartial(), new byte[300_001]);

    bench.download();

    assertThat(bench.hub.requestsOf(WEIGHTS))
        .extracting(FakeHub.Request::range)
        .containsExactly((String) null);
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void aServerWithoutRangesStartsOver() {
    bench.hub.script(
        WEIGHTS,
        FakeAnswers.content(bench.weights(), 300_000, 100_000),
        FakeAnswers.content(bench.weights(), 300_000, 300_000));

    bench.download();

    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
    assertThat(bench.listener.pieces).contains(-100_000L);
    assertThat(bench.listener.receivedBytes()).isEqualTo(bench.listener.expectedBytes);
  }

  @Test
  void anUnsatisfiableRangeStartsOver() {
    bench.hub.script(
        WEIGHTS,
        FakeAnswers.content(bench.weights(), 300_000, 100_000),
        FakeAnswers.status(416, "Content-Range", "bytes */300000"));

    bench.download();

    assertThat(bench.hub.requestsOf(WEIGHTS))
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-", null);
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void anotherRangeThanAskedForStartsOver() {
    bench.hub.script(
        WEIGHTS,
        FakeAnswers.content(bench.weights(), 300_000, 100_000),
        FakeAnswers.part(bench.weights(), 90_000, 210_000));

    bench.download();

    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void retryAfterIsHonouredInSecondsAndAsADate() {
    bench.hub.script(
        FakeHub.COMMIT + "/config.json",
        FakeAnswers.status(429, "Retry-After", "7"),
        FakeAnswers.status(503, "Retry-After", "Thu, 01 Jan 2026 00:00:42 GMT"));

    bench.download();

    assertThat(bench.waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(42));
    assertThat(bench.listener.notes)
        .containsExactly(
            "config.json of owner/model@main: HTTP 429, next try in 7.0 s",
            "config.json of owner/model@main: HTTP 503, next try in 42.0 s");
  }

  @Test
  void waitsDoubleAndTriesEnd() {
    bench.hub.script(
        "main", Collections.nCopies(4, FakeAnswers.status(503)).toArray(HttpHandler[]::new));

    assertThatThrownBy(() -> bench.download())
        .isInstanceOf(HubException.class)
        .hasMessage("Cannot download owner/model@main: 4 tries failed, found HTTP 503");
    assertThat(bench.waits)
        .containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(2000));
  }

  @Test
  void aTryThatBringsMuchStartsTheCountAnew() throws IOException {
    byte[] large = HubBench.bytes(8_000_000, 2);
    bench.hub.putLarge(WEIGHTS, large);
    bench.hub.script(WEIGHTS, FakeAnswers.content(large, large.length, 1_200_000));
    for (int from = 1_200_000; from < 7_000_000; from += 1_200_000) {
      bench.hub.script(WEIGHTS, FakeAnswers.part(large, from, 1_200_000));
    }

    bench.download();

    assertThat(bench.waits).hasSize(6).containsOnly(Duration.ofMillis(500));
    assertThat(bench.weightsBlob()).hasBinaryContent(large);
  }

  @Test
  void aSilentServerIsGivenUp() {
    CountDownLatch end = new CountDownLatch(1);
    bench.hub.script(WEIGHTS, FakeAnswers.silent(bench.weights(), 100_000, end));

    bench.silence(Duration.ofMillis(500)).download();
    end.countDown();

    assertThat(bench.listener.notes)
        .contains("model.safetensors of owner/model@main: no data for 0.5 s, next try in 0.5 s");
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void aHubThatIsNotThereIsSaid() {
    bench.hub.close();

    assertThatThrownBy(() -> bench.download())
        .hasMessageStartingWith(
            "Cannot download owner/model@main: 4 tries failed, found ConnectException");
  }

  @Test
  void aShorterFileThanDescribedIsRefused() {
    bench.hub.script(WEIGHTS, FakeAnswers.content(bench.weights(), 200_000, 200_000));

    assertThatThrownBy(() -> bench.download())
        .hasMessage(
            "Cannot download model.safetensors of owner/model@main: it is damaged, expected 300000"
                + " bytes, found 200000 bytes");
    assertThat(bench.weightsPartial()).doesNotExist();
  }

  @Test
  void aShorterFileOfUnknownLengthIsRefused() {
    for (int i = 0; i < 4; i++) {
      bench.hub.script(WEIGHTS, FakeAnswers.chunked(bench.weights(), 200_000));
    }

    assertThatThrownBy(() -> bench.download())
        .hasMessage(
            "Cannot download model.safetensors of owner/model@main: 4 tries failed, found an end"
                + " after 200000 of 300000 bytes");
  }

  @Test
  void aLongerFileIsRefusedBeforeItFillsTheDisk() {
    bench.hub.script(WEIGHTS, FakeAnswers.chunked(HubBench.bytes(400_000, 1), 400_000));

    assertThatThrownBy(() -> bench.download())
        .hasMessage(
            "Cannot download model.safetensors of owner/model@main: it is damaged, expected 300000"
                + " bytes, found more");
    assertThat(bench.weightsPartial()).doesNotExist();
  }

  @Test
  void aWrongSha256RemovesTheFile() {
    byte[] other = HubBench.bytes(300_000, 9);
    bench.hub.script(WEIGHTS, FakeAnswers.content(other, 300_000, 300_000));
    String expected = bench.weightsBlob().getFileName().toString();

    assertThatThrownBy(() -> bench.download())
        .isInstanceOf(HubException.class)
        .hasMessageMatching(
            "Cannot download model.safetensors of owner/model@main: it is damaged, expected"
                + " SHA-256 "
                + expected
                + ", found [0-9a-f]{64}");
    assertThat(bench.weightsPartial()).doesNotExist();
    assertThat(bench.weightsBlob()).doesNotExist();
    assertThat(bench.root().resolve("refs/main")).doesNotExist();
  }

  @Test
  void aWrongGitHashRemovesTheFile() {
    byte[] other = "{\"model_type\": \"tert\"}".getBytes(StandardCharsets.UTF_8);
    bench.hub.script(
        FakeHub.COMMIT + "/config.json", FakeAnswers.content(other, other.length, other.length));

    assertThatThrownBy(() -> bench.download())
        .hasMessageMatching(
            "Cannot download config.json of owner/model@main: it is damaged, expected SHA-1"
                + " [0-9a-f]{40}, found [0-9a-f]{40}");
  }

  @Test
  void anInterruptedThreadEndsTheDownloadAndKeepsWhatCame() {
    Thread caller = Thread.currentThread();
    CountDownLatch end = new CountDownLatch(1);
    HttpHandler silent = FakeAnswers.silent(bench.weights(), 100_000, end);
    bench.hub.script(
        WEIGHTS,
        exchange -> {
          caller.interrupt();
          silent.handle(exchange);
        });

    assertThatThrownBy(() -> bench.download())
        .isInstanceOf(HubException.class)
        .hasMessage("Cannot download: it was interrupted");
    assertThat(Thread.interrupted()).isTrue();
    end.countDown();
    assertThat(bench.weightsBlob()).doesNotExist();
  }
}
