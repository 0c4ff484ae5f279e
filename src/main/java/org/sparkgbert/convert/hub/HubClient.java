package org.sparkgbert.convert.hub;

import java.nio.file.Path;
import java.util.Set;

/**
 * Downloads models from the Hugging Face Hub into the cache that Python's huggingface_hub also
 * uses.
 *
 * <p><b>Threads:</b> safe, also across processes: only one at a time downloads a model.
 */
public final class HubClient {
  private final HubSettings settings;
  private final RetryPolicy retries;
  private final HubHttp http;

  /** A client that queries the Hub as the settings say. */
  public HubClient(HubSettings settings) {
    this(settings, RetryPolicy.standard());
  }

  HubClient(HubSettings settings, RetryPolicy retries) {
    this.settings = settings;
    this.retries = retries;
    this.http = new HubHttp(settings, retries);
  }

  /**
   * The files of a model at one commit, on this machine's disk.
   *
   * @param directory where they are, under their names on the Hub; links into the cache
   * @param commit the revision's commit, 40 hexadecimal digits
   * @param card what the model's card declares
   */
  public record Snapshot(Path directory, String commit, ModelCard card) {}

  /** Passes the calls of many threads on, one at a time. */
  private record OneAtATime(DownloadListener listener) implements DownloadListener {
    @Override
    public synchronized void expect(long bytes, int files) {
      listener.expect(bytes, files);
    }

    @Override
    public synchronized void received(long bytes) {
      listener.received(bytes);
    }

    @Override
    public synchronized void note(String line) {
      listener.note(line);
    }
  }

  /**
   * Downloads what the cache lacks of the files that an import needs. Sizes are verified, and
   * SHA-256 or git's hash where the Hub states them; files in the cache are recognized by their
   * size. A download that ends early leaves {@code *.incomplete} files that the next one continues.
   *
   * @param listener is told how the download proceeds
   * @throws HubException if there is no such model, access is denied, it lacks a file that an
   *     import needs, or the Hub does not deliver what it describes
   * @throws java.io.UncheckedIOException if the cache cannot be read or written
   */
  public Snapshot download(HubReference model, DownloadListener listener) {
    DownloadListener hearing = new OneAtATime(listener);
    ModelCache cache = new ModelCache(settings.cache(), model);
    if (settings.offline()) {
      return find(model, cache, hearing);
    }
    HubApi api = new HubApi(model, settings.endpoint(), http, retries, hearing);
    return new ModelDownload(model, api, cache, hearing).run();
  }

  /** The snapshot in the cache, without a request to the Hub. */
  private static Snapshot find(HubReference model, ModelCache cache, DownloadListener listener) {
    String commit =
        cache
            .commit(model.revision())
            .orElseThrow(() -> missing("the revision " + model.revision(), model, cache));
    Path directory = cache.snapshot(commit);
    Set<String> names = cache.names(commit);
    NeededFiles.choose(names, directory::resolve, name -> missing(name, model, cache));
    if (!names.contains(NeededFiles.MODULES)) {
      listener.note(
          "%s: the cache has no %s; if the model has one, it is not used"
              .formatted(model, NeededFiles.MODULES));
    }
    return new Snapshot(directory, commit, ModelCard.read(directory));
  }

  private static HubException missing(String name, HubReference model, ModelCache cache) {
    return new HubException(
        "Cannot use %s offline: %s is not in the cache, found no such file under %s;"
                .formatted(model, name, cache.root())
            + " unset HF_HUB_OFFLINE to download it");
  }
}
