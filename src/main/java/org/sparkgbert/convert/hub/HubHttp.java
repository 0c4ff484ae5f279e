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
import org.sparkgbert.model.Version;

/**
 * Asks the Hub and follows its redirects. The token goes to the Hub's own origin, never to another.
 */
final class HubHttp {
  private static final int MOST_REDIRECTS = 5;
  private static final String ENTITY_TAG = "X-Linked-Etag";

  private final HttpClient client;
  private final Origin hub;
  private final Optional<Token> token;
  private final Patience patience;

  HubHttp(HubSettings settings, Patience patience) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience.connect())
            .build();
    this.hub = Origin.of(settings.endpoint());
    this.token = settings.token();
    this.patience = patience;
  }

  /** What is asked: a file, from one of its bytes on, or only its headers. */
  private record Question(String what, String method, URI address, long from) {
    Question at(URI other) {
      return new Question(what, method, other, from);
    }
  }

  /**
   * Asks for a content.
   *
   * @param what names it in messages
   * @param from first byte that is wanted
   * @return an answer of status 200, 206 or 416 that the caller closes
   * @throws RetryableException if another try may succeed
   * @throws HubException if none can
   */
  Answer get(String what, URI address, long from) throws RetryableException, InterruptedException {
    return checked(what, follow(new Question(what, "GET", address, from)));
  }

  /**
   * Asks for a file's headers: the Hub's own, not those of the store that it redirects to.
   *
   * @return a closed answer of status 200, or a redirect that names the file's entity tag
   */
  Answer head(String what, URI address) throws RetryableException, InterruptedException {
    try (Answer answer = checked(what, follow(new Question(what, "HEAD", address, 0)))) {
      return answer;
    }
  }

  private Answer follow(Question first) throws RetryableException, InterruptedException {
    Question question = first;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Answer answer = send(question);
      if (!answer.isRedirect() || saysEnough(question, answer)) {
        return answer;
      }
      answer.close();
      question = question.at(next(question, answer));
    }
    throw new HubException(
        "Cannot download %s: the Hub redirects in a circle, found more than %d redirects"
            .formatted(first.what(), MOST_REDIRECTS));
  }

  private static boolean saysEnough(Question question, Answer answer) {
    return question.method().equals("HEAD") && answer.header(ENTITY_TAG).isPresent();
  }

  private URI next(Question question, Answer answer) {
    URI next = target(question, answer);
    if (!hub.mayRedirect(Origin.of(question.address()), Origin.of(next))) {
      throw new HubException(
          "Cannot download %s: a redirect leaves encryption, found %s"
              .formatted(question.what(), Origin.of(next)));
    }
    return next;
  }

  private static URI target(Question question, Answer answer) {
    return answer
        .header("Location")
        .filter(location -> !location.isBlank())
        .flatMap(location -> resolved(question.address(), location))
        .orElseThrow(
            () ->
                new HubException(
                    "Cannot download %s: a redirect must lead to an http(s) address,"
                            .formatted(question.what())
                        + " found HTTP %d from %s"
                            .formatted(answer.status(), Origin.of(question.address()))));
  }

  private static Optional<URI> resolved(URI address, String location) {
    try {
      return Optional.of(address.resolve(location)).filter(Origin::isWeb);
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  private Answer send(Question question) throws RetryableException, InterruptedException {
    try {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          client.send(request(question), BodyHandlers.ofPublisher());
      Body body = new Body(patience.silence());
      response.body().subscribe(body);
      return new Answer(question.address(), response.statusCode(), response.headers(), body);
    } catch (IOException e) {
      throw RetryableException.of(e);
    }
  }

  private HttpRequest request(Question question) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(question.address())
            .method(question.method(), HttpRequest.BodyPublishers.noBody())
            .timeout(patience.silence())
            .header("User-Agent", "spark-gbert/" + Version.CURRENT);
    if (question.from() > 0) {
      request.header("Range", "bytes=" + question.from() + "-");
    }
    if (Origin.of(question.address()).equals(hub)) {
      token.ifPresent(t -> request.header("Authorization", "Bearer " + t.secret()));
    }
    return request.build();
  }

  private Answer checked(String what, Answer answer) throws RetryableException {
    int status = answer.status();
    if (status == 200 || status == 206 || status == 416 || answer.isRedirect()) {
      return answer;
    }
    answer.close();
    if (status == 408 || status == 429 || status >= 500 || isExpiredLink(answer)) {
      throw new RetryableException(
          "HTTP " + status, answer.header("Retry-After").flatMap(patience::retryAfter), null);
    }
    throw refused(what, status);
  }

  /** The stores behind the Hub sign their addresses for a time; the next try gets a new one. */
  private boolean isExpiredLink(Answer answer) {
    return answer.status() == 403 && !Origin.of(answer.address()).equals(hub);
  }

  private HubException refused(String what, int status) {
    String reason =
        switch (status) {
          case 401, 403 -> "it is gated, private or not there; " + advice();
          case 404 -> "the Hub has no such model, revision or file";
          default -> "the Hub refuses";
        };
    return new HubException(
        "Cannot download %s: %s, found HTTP %d".formatted(what, reason, status));
  }

  private String advice() {
    return token.isPresent()
        ? "accept its terms on the Hub with the account whose token HF_TOKEN holds"
        : "accept its terms on the Hub and set HF_TOKEN to a token that may read it";
  }
}
