package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubClientRefusalsTest {
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

  private AbstractThrowableAssert<?, ?> assertRefused(HttpHandler description) {
    bench.hub.script("/main", description);
    return assertThatThrownBy(() -> bench.download()).isInstanceOf(HubException.class);
  }

  private AbstractThrowableAssert<?, ?> assertUnusable(HttpHandler description, String reason) {
    return assertRefused(description)
        .hasMessage(
            "Cannot download owner/model@main: the response of %s is unusable: %s",
            bench.hub.uri(), reason);
  }

  @Test
  void anUnknownModelIsSaid() {
    assertRefused(FakeAnswers.status(404))
        .hasMessage(
            "Cannot download owner/model@main: the Hub has no such model, revision or file,"
                + " found HTTP 404");
    assertThat(bench.waits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aGatedModelSaysHowToSetTheToken(int status) {
    bench.withoutToken();

    assertRefused(FakeAnswers.status(status))
        .hasMessage(
            "Cannot download owner/model@main: it is gated, private or does not exist; accept"
                + " its terms"
                + " on the Hub and set HF_TOKEN to a token that may read it, found HTTP "
                + status);
  }

  @Test
  void aTokenThatMayNotReadIsSaidAndNotShown() {
    assertRefused(FakeAnswers.status(401))
        .hasMessageContaining("with the account that HF_TOKEN belongs to")
        .hasMessageNotContaining(HubBench.TOKEN);
  }

  @Test
  void aGatedFileIsSaid() {
    bench.hub.script(HubBench.WEIGHTS, FakeAnswers.status(403));

    assertThatThrownBy(() -> bench.download())
        .hasMessageStartingWith(
            "Cannot download model.safetensors of owner/model@main: it is gated, private");
  }

  @Test
  void anotherStatusIsSaid() {
    assertRefused(FakeAnswers.status(418))
        .hasMessage(
            "Cannot download owner/model@main: the Hub rejected the request, found HTTP 418");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>log in</html>", "", "null", "[]", "\"x\"", "{\"siblings\": 3}"})
  void otherThanAModelsJsonIsRefused(String text) {
    assertUnusable(FakeAnswers.text(200, "text/html", text), "it is not the JSON of a model");
  }

  @Test
  void deepJsonIsRefused() {
    String deep = "{\"cardData\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";

    assertUnusable(FakeAnswers.json(deep), "it is not the JSON of a model");
  }

  @Test
  void anAnswerWithoutACommitIsRefused() {
    assertUnusable(FakeAnswers.json("{}"), "sha must be a commit, found none");
    assertUnusable(
        FakeAnswers.json("{\"sha\": \"../../etc\\n\"}"),
        "sha must be a commit, found '../../etc?'");
  }

  @Test
  void anotherCommitThanAskedForIsRefused() {
    HubReference other = new HubReference("owner", "model", "f".repeat(40));

    assertThatThrownBy(() -> bench.download(other))
        .hasMessageEndingWith("sha must be the requested commit, found " + FakeHub.COMMIT);
  }

  @Test
  void anEndlessAnswerIsRefused() {
    byte[] piece = new byte[1 << 20];
    Arrays.fill(piece, (byte) ' ');
    HttpHandler endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (true) {
            exchange.getResponseBody().write(piece);
          }
        };

    assertUnusable(endless, "it must have at most 50000000 bytes, found more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../config.json",
        "a/../../config.json",
        "..",
        "./config.json",
        "/etc/passwd",
        "C:/windows",
        "a\\b",
        "config.json\n",
        "a\0b",
        ""
      })
  void namesThatLeaveTheDirectoryAreRefused(String name) {
    bench.hub.put(name, "x");

    assertThatThrownBy(() -> bench.download())
        .isInstanceOf(HubException.class)
        .hasMessageContaining("siblings must be files, found '" + name.replaceAll("\\p{C}", "?"));
    assertThat(bench.hub.filesAskedFor()).isEmpty();
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aNeededFileOfAnOddNameIsRefused() {
    String folder = "2_Dense und Umläute";
    bench
        .hub
        .put("modules.json", "[{\"path\": \"%s\", \"type\": \"a.Dense\"}]".formatted(folder))
        .put(folder + "/config.json", "{}");

    assertThatThrownBy(() -> bench.download())
        .hasMessage(
            "Cannot download a file: its name must be plain, found '%s/config.json'", folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../x", "a/b", "", "x.incomplete", ".."})
  void oddEntityTagsAreRefused(String tag) {
    bench.hub.sibling("config.json").put("blobId", tag);

    assertThatThrownBy(() -> bench.download())
        .hasMessage("Cannot download config.json: its entity tag must be plain, found '%s'", tag);
  }

  @Test
  void aNegativeSizeIsRefused() {
    bench.hub.sibling("config.json").put("size", -1);

    assertThatThrownBy(() -> bench.download())
        .hasMessage("Cannot download config.json: its size must not be negative, found -1");
  }

  @Test
  void aHugeListOfModulesIsRefusedUnread() {
    bench.hub.sibling("modules.json").put("size", 50_000_001L);

    assertThatThrownBy(() -> bench.download())
        .hasMessage("Cannot use modules.json: it must have at most 50000000 bytes, found 50000001");
    assertThat(bench.hub.filesAskedFor()).isEmpty();
  }

  @Test
  void aModelWithoutWeightsIsRefused() {
    bench.hub.remove(HubBench.WEIGHTS).put("model.onnx", "x");

    assertThatThrownBy(() -> bench.download())
        .hasMessage(
            "Cannot download owner/model@main: an import needs model.safetensors or"
                + " pytorch_model.bin, found no such file");
  }

  @Test
  void noMessageShowsTheToken() {
    bench.hub.script(HubBench.WEIGHTS, FakeAnswers.status(401));

    for (Throwable e = catchThrowable(() -> bench.download()); e != null; e = e.getCause()) {
      assertThat(e.toString()).doesNotContain(HubBench.TOKEN);
    }
    assertThat(String.join("\n", bench.listener.notes)).doesNotContain(HubBench.TOKEN);
  }
}
