package org.sparkgbert.convert.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the Hub says of one model and of its files. */
final class HubApi {
  /** Longest answer that is read. */
  static final int LONGEST_ANSWER = 50_000_000;

  private final HubReference model;
  private final HubHttp http;
  private final URI endpoint;
  private final Retries retries;

  HubApi(HubReference model, HubHttp http, URI endpoint, Retries retries) {
    this.model = model;
    this.http = http;
    this.endpoint = endpoint;
    this.retries = retries;
  }

  /**
   * The model's files at the reference's revision.
   *
   * @throws HubException if there is no such model, or what comes is no description of it
   */
  ModelInfo describe() {
    URI address =
        URI.create(
            "%s/api/models/%s/revision/%s?blobs=true"
                .formatted(endpoint, model.id(), encoded(model.revision())));
    Optional<byte[]> json = retries.run(model.toString(), () -> read(address));
    ModelInfo info = parsed(json.orElseThrow(this::tooLong));
    if (HubReference.isCommit(model.revision()) && !info.sha().equals(model.revision())) {
      throw unusable("sha must be the commit that was asked for, found " + info.sha());
    }
    return info;
  }

  /** Where a file's content is. */
  URI address(String commit, String path) {
    return URI.create("%s/%s/resolve/%s/%s".formatted(endpoint, model.id(), commit, path));
  }

  /** A file with its size and hash, asked for where the description lacks them. */
  RemoteFile complete(ModelInfo info, String path) {
    return info.files().get(path).remoteFile().orElseGet(() -> byHeaders(info.sha(), path));
  }

  private RemoteFile byHeaders(String commit, String path) {
    Answer answer =
        retries.run(path + " of " + model, () -> http.head(path, address(commit, path)));
    Optional<String> linkedTag = answer.header("X-Linked-Etag").map(HubApi::bare);
    String tag = linkedTag.or(() -> answer.header("ETag").map(HubApi::bare)).orElse("");
    long size =
        Answer.number(answer.header("X-Linked-Size").or(() -> answer.header("Content-Length")))
            .orElseThrow(() -> unusable(path + " must have a size, found none"));
    Optional<Fingerprint> sha256 =
        linkedTag
            .filter(text -> text.matches("[0-9a-f]{64}"))
            .map(hex -> new Fingerprint(Fingerprint.Kind.SHA256, hex));
    return new RemoteFile(path, size, tag, sha256);
  }

  private Optional<byte[]> read(URI address) throws RetryableException, InterruptedException {
    try (Answer answer = http.get(model.toString(), address, 0)) {
      return answer.body().readAll(LONGEST_ANSWER);
    }
  }

  private ModelInfo parsed(byte[] json) {
    try {
      return ModelInfo.parse(json);
    } catch (IllegalArgumentException e) {
      throw unusable(e.getMessage());
    }
  }

  private HubException tooLong() {
    return unusable("it must have at most " + LONGEST_ANSWER + " bytes, found more");
  }

  private HubException unusable(String reason) {
    return new HubException(
        "Cannot download %s: the answer of %s is unusable: %s"
            .formatted(model, Origin.of(endpoint), reason));
  }

  /** An entity tag without its quotes and its mark of weakness. */
  private static String bare(String tag) {
    return tag.replaceFirst("^W/", "").replace("\"", "");
  }

  private static String encoded(String revision) {
    return URLEncoder.encode(revision, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
