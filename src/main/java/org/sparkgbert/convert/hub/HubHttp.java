package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.sparkgbert.convert.hub.RetryPolicy.RetryableException;
import org.sparkgbert.model.Version;

/**
 * Sends requests to the Hub and follows its redirects. The token is sent to the Hub's own origin
 * only.
 */
final class HubHttp {
  private static final int MOST_REDIRECTS = 5;
  private static final String ENTITY_TAG = "X-Linked-Etag";

  private final HttpClient client;
  private final WebOrigin hub;
  private final Optional<HubSettings.Token> token;
  private final RetryPolicy retries;

  HubHttp(HubSettings settings, RetryPolicy retries) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(retries.connect())
            .build();
    this.hub = WebOrigin.of(settings.endpoint());
    this.token = settings.token();
    this.retries = retries;
  }

  /** A request: for a file, starting at one of its bytes, or for its headers only. */
  private record Request(String what, String method, URI address, long from) {
    Request at(URI other) {
      return new Request(what, method, other, from);
    }
  }

  /**
   * Requests the content of a file.
   *
   * @param what names it in messages
   * @param from first byte to return
   * @return a response of status 200, 206 or 416 that the caller closes
   * @throws RetryableException if another try may succeed
   * @throws HubException if none can
   */
  HubResponse get(String what, URI address, long from)
      throws RetryableException, InterruptedException {
    return checked(what, follow(new Request(what, "GET", address, from)));
  }

  /**
   * Requests a file's headers: the Hub's own, not those of the store that it redirects to.
   *
   * @return a closed response of status 200, or a redirect that names the file's entity tag
   */
  HubResponse head(String what, URI address) throws RetryableException, InterruptedException {
    try (HubResponse response = checked(what, follow(new Request(what, "HEAD", address, 0)))) {
      return response;
    }
  }

  private HubResponse follow(Request first) throws RetryableException, InterruptedException {
    Request request = first;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HubResponse response = send(request);
      if (!response.isRedirect() || saysEnough(request, response)) {
        return response;
      }
      response.close();
      request = request.at(next(request, response));
    }
    throw new HubException(
        "Cannot download %s: the Hub redirects in a loop, found more than %d redirects"
            .formatted(first.what(), MOST_REDIRECTS));
  }

  private static boolean saysEnough(Request request, HubResponse response) {
    return request.method().equals("HEAD") && response.header(ENTITY_TAG).isPresent();
  }

  private URI next(Request request, HubResponse response) {
    URI next = target(request, response);
    if (!hub.mayRedirect(WebOrigin.of(request.address()), WebOrigin.of(next))) {
      throw new HubException(
          "Cannot download %s: a redirect must not lead from https to http, found %s"
              .formatted(request.what(), WebOrigin.of(next)));
    }
    return next;
  }

  private static URI target(Request request, HubResponse response) {
    return response
        .header("Location")
        .filter(location -> !location.isBlank())
        .flatMap(location -> resolved(request.address(), location))
        .orElseThrow(
            () ->
                new HubException(
                    "Cannot download %s: a redirect must lead to an http(s) address,"
                            .formatted(request.what())
                        + " found HTTP %d from %s"
                            .formatted(response.status(), WebOrigin.of(request.address()))));
  }

  private static Optional<URI> resolved(URI address, String location) {
    try {
      return Optional.of(address.resolve(location)).filter(WebOrigin::isWeb);
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  private HubResponse send(Request request) throws RetryableException, InterruptedException {
    try {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          client.send(httpRequest(request), BodyHandlers.ofPublisher());
      HubResponse.Body body = new HubResponse.Body(retries.silence());
      response.body().subscribe(body);
      return new HubResponse(request.address(), response.statusCode(), response.headers(), body);
    } catch (IOException e) {
      throw RetryableException.of(e);
    }
  }

  private HttpRequest httpRequest(Request request) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(request.address())
            .method(request.method(), HttpRequest.BodyPublishers.noBody())
            .timeout(retries.silence())
            .header("User-Agent", "spark-gbert/" + Version.CURRENT);
    if (request.from() > 0) {
      http.header("Range", "bytes=" + request.from() + "-");
    }
    if (WebOrigin.of(request.address()).equals(hub)) {
      token.ifPresent(t -> http.header("Authorization", "Bearer " + t.secret()));
    }
    return http.build();
  }

  private HubResponse checked(String what, HubResponse response) throws RetryableException {
    int status = response.status();
    if (status == 200 || status == 206 || status == 416 || response.isRedirect()) {
      return response;
    }
    response.close();
    if (status == 408 || status == 429 || status >= 500 || isExpiredLink(response)) {
      throw new RetryableException(
          "HTTP " + status, response.header("Retry-After").flatMap(retries::retryAfter), null);
    }
    throw refused(what, status);
  }

  /**
   * The stores behind the Hub sign their addresses for a limited time; the next try gets a new one.
   */
  private boolean isExpiredLink(HubResponse response) {
    return response.status() == 403 && !WebOrigin.of(response.address()).equals(hub);
  }

  private HubException refused(String what, int status) {
    String reason =
        switch (status) {
          case 401, 403 -> "it is gated, private or does not exist; " + advice();
          case 404 -> "the Hub has no such model, revision or file";
          default -> "the Hub rejected the request";
        };
    return new HubException(
        "Cannot download %s: %s, found HTTP %d".formatted(what, reason, status));
  }

  private String advice() {
    return token.isPresent()
        ? "accept its terms on the Hub with the account that HF_TOKEN belongs to"
        : "accept its terms on the Hub and set HF_TOKEN to a token that may read it";
  }
}
