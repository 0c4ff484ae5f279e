package org.sparkgbert.convert.hub;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.sparkgbert.convert.hub.RemoteFile.ContentHash;
import org.sparkgbert.convert.hub.RemoteFile.HashKind;
import org.sparkgbert.convert.hub.RetryPolicy.RetryableException;

/** One model on the Hub: what the Hub says about it and its files, and their contents. */
final class HubApi {
  /** Longest response that is read, in bytes. */
  static final int LONGEST_RESPONSE = 50_000_000;

  private final HubReference model;
  private final URI endpoint;
  private final HubHttp http;
  private final RetryPolicy retries;
  private final DownloadListener listener;

  HubApi(
      HubReference model,
      URI endpoint,
      HubHttp http,
      RetryPolicy retries,
      DownloadListener listener) {
    this.model = model;
    this.endpoint = endpoint;
    this.http = http;
    this.retries = retries;
    this.listener = listener;
  }

  /**
   * The model's files at the reference's revision.
   *
   * @throws HubException if there is no such model, or the response is not a description of it
   */
  ModelInfo describe() {
    URI address =
        URI.create(
            "%s/api/models/%s/revision/%s?blobs=true"
                .formatted(endpoint, model.id(), encoded(model.revision())));
    Optional<byte[]> json = retries.run(model.toString(), listener, () -> read(address));
    ModelInfo info = parsed(json.orElseThrow(this::tooLong));
    if (HubReference.isCommit(model.revision()) && !info.sha().equals(model.revision())) {
      throw unusable("sha must be the requested commit, found " + info.sha());
    }
    return info;
  }

  /**
   * Downloads a file's content.
   *
   * @param blob where it goes
   * @param received is told how many bytes arrived, as {@link DownloadListener#received} is
   * @throws HubException if it cannot be downloaded, or is not what the Hub describes
   */
  void download(String commit, RemoteFile file, Path blob, LongConsumer received) {
    String what = file.path() + " of " + model;
    new BlobDownload(what, file, address(commit, file.path()), blob, http, received)
        .run(retries, listener);
  }

  private URI address(String commit, String path) {
    return URI.create("%s/%s/resolve/%s/%s".formatted(endpoint, model.id(), commit, path));
  }

  /** A file with its size and hash, which are requested if the description lacks them. */
  RemoteFile complete(ModelInfo info, String path) {
    return info.files().get(path).remoteFile().orElseGet(() -> byHeaders(info.sha(), path));
  }

  private RemoteFile byHeaders(String commit, String path) {
    HubResponse response =
        retries.run(path + " of " + model, listener, () -> http.head(path, address(commit, path)));
    Optional<String> linkedTag = response.header("X-Linked-Etag").map(HubApi::bare);
    String tag = linkedTag.or(() -> response.header("ETag").map(HubApi::bare)).orElse("");
    long size =
        HubResponse.number(
                response.header("X-Linked-Size").or(() -> response.header("Content-Length")))
            .orElseThrow(() -> unusable(path + " must have a size, found none"));
    Optional<ContentHash> sha256 =
        linkedTag
            .filter(text -> text.matches("[0-9a-f]{64}"))
            .map(hex -> new ContentHash(HashKind.SHA256, hex));
    return new RemoteFile(path, size, tag, sha256);
  }

  private Optional<byte[]> read(URI address) throws RetryableException, InterruptedException {
    try (HubResponse response = http.get(model.toString(), address, 0)) {
      return response.body().readAll(LONGEST_RESPONSE);
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
    return unusable("it must have at most " + LONGEST_RESPONSE + " bytes, found more");
  }

  private HubException unusable(String reason) {
    return new HubException(
        "Cannot download %s: the response of %s is unusable: %s"
            .formatted(model, WebOrigin.of(endpoint), reason));
  }

  /** An entity tag without its quotes and its prefix for weak tags. */
  private static String bare(String tag) {
    return tag.replaceFirst("^W/", "").replace("\"", "");
  }

  private static String encoded(String revision) {
    return URLEncoder.encode(revision, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
