package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubClientRedirectTest {
  private static final String WEIGHTS = HubBench.WEIGHTS;
  private static final String BEARER = "Bearer " + HubBench.TOKEN;

  @TempDir Path cache;
  private HubBench bench;
  private FakeHub store;

  @BeforeEach
  void start() throws IOException {
    bench = new HubBench(cache);
    store = new FakeHub();
    store.putLarge("stored", bench.weights());
  }

  @AfterEach
  void stop() {
    store.close();
    bench.close();
  }

  private URI stored() {
    return store.uri().resolve("/owner/model/resolve/" + FakeHub.COMMIT + "/stored?signature=s3");
  }

  @Test
  void theTokenGoesToTheHubAndToNoOtherHost() {
    bench.hub.script(WEIGHTS, FakeAnswers.redirect(stored()));

    bench.download();

    assertThat(bench.hub.requests())
        .extracting(FakeHub.Request::authorization)
        .containsOnly(BEARER);
    assertThat(store.requests()).hasSize(1);
    assertThat(store.requests()).extracting(FakeHub.Request::authorization).containsOnlyNulls();
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void aResumedDownloadKeepsItsRangeOnTheOtherHost() {
    bench.hub.script(WEIGHTS, FakeAnswers.redirect(stored()), FakeAnswers.redirect(stored()));
    store.script("stored", FakeAnswers.content(bench.weights(), 300_000, 100_000));

    bench.download();

    assertThat(store.requests())
        .extracting(FakeHub.Request::range)
        .containsExactly(null, "bytes=100000-");
    assertThat(store.requests()).extracting(FakeHub.Request::authorization).containsOnlyNulls();
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void theDescriptionIsFollowedElsewhereWithoutTheToken() {
    bench.hub.script("main", FakeAnswers.redirect(store.uri().resolve("/described")));
    store.script("/described", FakeAnswers.text(200, "text/html", "<html>log in</html>"));

    assertThatThrownBy(() -> bench.download()).hasMessageEndingWith("not the JSON of a model");
    assertThat(store.requests()).extracting(FakeHub.Request::authorization).containsOnlyNulls();
  }

  @Test
  void aRelativeRedirectStaysOnTheHubAndKeepsTheToken() {
    bench.hub.script(
        "/revision/main",
        FakeAnswers.status(307, "Location", "/api/models/owner/model/revision/renamed"));
    bench.hub.script(WEIGHTS, FakeAnswers.status(308, "Location", "elsewhere"));
    bench.hub.script("/elsewhere", exchange -> bench.hub.serve(exchange, WEIGHTS));

    bench.download();

    assertThat(bench.hub.requestsOf("elsewhere")).hasSize(1);
    assertThat(bench.hub.requests())
        .extracting(FakeHub.Request::authorization)
        .containsOnly(BEARER);
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void aClientWithoutATokenSendsNone() {
    bench.withoutToken().download();

    assertThat(bench.hub.requests()).extracting(FakeHub.Request::authorization).containsOnlyNulls();
  }

  @Test
  void aCircleOfRedirectsEnds() {
    HttpHandler circle = FakeAnswers.redirect("/owner/model/resolve/x/" + WEIGHTS);
    bench.hub.script(WEIGHTS, Collections.nCopies(9, circle).toArray(HttpHandler[]::new));

    assertThatThrownBy(() -> bench.download())
        .hasMessage(
            "Cannot download model.safetensors of owner/model@main: the Hub redirects in a loop,"
                + " found more than 5 redirects");
    assertThat(bench.hub.requestsOf(WEIGHTS)).hasSize(6);
  }

  @Test
  void fiveRedirectsAreFollowed() {
    HttpHandler again = FakeAnswers.redirect(WEIGHTS);
    bench.hub.script(WEIGHTS, Collections.nCopies(5, again).toArray(HttpHandler[]::new));

    bench.download();

    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }

  @Test
  void aRedirectToAnotherSchemeIsRefusedWithoutShowingTheAddress() {
    for (String address :
        new String[] {"file:///etc/passwd?key=s3", "http:///x", "http://a:s3@host/", "::s3", ""}) {
      bench.hub.script(WEIGHTS, FakeAnswers.redirect(address));

      assertThatThrownBy(() -> bench.download())
          .hasMessage(
              "Cannot download model.safetensors of owner/model@main: a redirect must lead to an"
                  + " http(s) address, found HTTP 302 from "
                  + bench.hub.uri());
    }
  }

  @Test
  void anExpiredLinkIsAskedForAnew() {
    bench.hub.script(WEIGHTS, FakeAnswers.redirect(stored()), FakeAnswers.redirect(stored()));
    store.script("stored", FakeAnswers.status(403));

    bench.download();

    assertThat(bench.hub.requestsOf(WEIGHTS)).hasSize(2);
    assertThat(bench.weightsBlob()).hasBinaryContent(bench.weights());
  }
}
