package org.sparkgbert.convert.hub;

/**
 * Downloads models from the Hugging Face Hub into the cache that Python's huggingface_hub uses too.
 *
 * <p><b>Threads:</b> safe, across processes too: one at a time downloads a model.
 */
public final class HubClient {
  private final HubSettings settings;
  private final Patience patience;
  private final HubHttp http;

  /** A client that asks the Hub as the settings say. */
  public HubClient(HubSettings settings) {
    this(settings, Patience.standard());
  }

  HubClient(HubSettings settings, Patience patience) {
    this.settings = settings;
    this.patience = patience;
    this.http = new HubHttp(settings, patience);
  }

  /**
   * Downloads what the cache lacks of the files that an import needs. Sizes are verified, and
   * SHA-256 or git's hash where the Hub gives them; files that the cache has are known by their
   * size. A download that ends early leaves {@code *.incomplete} files that the next one goes on
   * with.
   *
   * @param progress hears how it goes
   * @throws HubException if there is no such model, it may not be read, it lacks a file that an
   *     import needs, or the Hub does not deliver what it describes
   * @throws java.io.UncheckedIOException if the cache cannot be read or written
   */
  public Snapshot download(HubReference model, Progress progress) {
    Progress listener = new OneAtATime(progress);
    ModelCache cache = new ModelCache(settings.cache(), model);
    if (settings.offline()) {
      return new OfflineModel(model, cache).find(listener);
    }
    Retries retries = new Retries(patience, listener);
    HubApi api = new HubApi(model, http, settings.endpoint(), retries);
    return new OnlineModel(model, api, http, cache, retries).download(listener);
  }
}
