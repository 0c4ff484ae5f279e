package org.sparkgbert.convert.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model that the Hub is asked for. */
final class OnlineModel {
  private static final int THREADS = 4;

  private final HubReference model;
  private final HubApi api;
  private final HubHttp http;
  private final ModelCache cache;
  private final Retries retries;

  OnlineModel(HubReference model, HubApi api, HubHttp http, ModelCache cache, Retries retries) {
    this.model = model;
    this.api = api;
    this.http = http;
    this.cache = cache;
    this.retries = retries;
  }

  /**
   * Downloads what the cache lacks.
   *
   * @throws HubException if that cannot be
   */
  Snapshot download(Progress progress) {
    ModelInfo info = api.describe();
    if (info.id() != null && !info.id().equals(model.id())) {
      progress.note("%s is now %s".formatted(model.id(), RemoteFile.printable(info.id())));
    }
    ModelLock.holding(cache.lockFile(), progress, () -> fill(info, progress));
    Path directory = cache.snapshot(info.sha());
    ModelCard card = ModelCard.of(info.cardData());
    return new Snapshot(
        directory, info.sha(), card.licence().isPresent() ? card : ModelCard.read(directory));
  }

  private void fill(ModelInfo info, Progress progress) {
    List<RemoteFile> files = needed(info);
    downloadMissing(info.sha(), files, progress);
    files.forEach(file -> cache.link(info.sha(), file));
    cache.remember(model.revision(), info.sha());
  }

  private List<RemoteFile> needed(ModelInfo info) {
    Set<String> names = info.files().keySet();
    Set<String> chosen = NeededFiles.choose(names, name -> fetch(info, name), this::missing);
    return chosen.stream().map(name -> api.complete(info, name)).toList();
  }

  /** Downloads one of the small files that name others. */
  private Path fetch(ModelInfo info, String name) {
    RemoteFile file = api.complete(info, name);
    NeededFiles.checkReadable(name, file.size());
    if (cache.find(info.sha(), file).isEmpty()) {
      download(info.sha(), file, Progress.SILENT).run();
    }
    return cache.find(info.sha(), file).orElseThrow();
  }

  private void downloadMissing(String commit, List<RemoteFile> files, Progress progress) {
    Map<String, RemoteFile> missing = new HashMap<>();
    for (RemoteFile file : files) {
      if (cache.find(commit, file).isEmpty()) {
        missing.put(file.blob(), file);
      }
    }
    List<RemoteFile> largestFirst = new ArrayList<>(missing.values());
    largestFirst.sort(Comparator.comparingLong(RemoteFile::size).reversed());
    progress.expect(largestFirst.stream().mapToLong(RemoteFile::size).sum(), missing.size());
    Workers.runAll(
        largestFirst.stream().map(file -> download(commit, file, progress)).toList(), THREADS);
  }

  private Runnable download(String commit, RemoteFile file, Progress progress) {
    BlobDownload download =
        new BlobDownload(
            file.path() + " of " + model,
            file,
            api.address(commit, file.path()),
            cache.blob(file),
            http,
            progress);
    return () -> download.run(retries);
  }

  private HubException missing(String name) {
    return new HubException(
        "Cannot download %s: an import needs %s, found no such file".formatted(model, name));
  }
}
