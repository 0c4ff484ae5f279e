package org.sparkgbert.convert.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;

/** Downloads the files of a model that the cache lacks, four at a time. */
final class ModelDownload {
  private static final int THREADS = 4;

  private final HubReference model;
  private final HubApi api;
  private final ModelCache cache;
  private final DownloadListener listener;

  ModelDownload(HubReference model, HubApi api, ModelCache cache, DownloadListener listener) {
    this.model = model;
    this.api = api;
    this.cache = cache;
    this.listener = listener;
  }

  /**
   * Downloads the files that the cache lacks.
   *
   * @throws HubException if that fails
   */
  HubClient.Snapshot run() {
    ModelInfo info = api.describe();
    if (info.id() != null && !info.id().equals(model.id())) {
      listener.note("%s is now %s".formatted(model.id(), RemoteFile.printable(info.id())));
    }
    ModelLock.holding(cache.lockFile(), listener, () -> fill(info));
    Path directory = cache.snapshot(info.sha());
    ModelCard card = ModelCard.of(info.cardData());
    return new HubClient.Snapshot(
        directory, info.sha(), card.licence().isPresent() ? card : ModelCard.read(directory));
  }

  private void fill(ModelInfo info) {
    List<RemoteFile> files = needed(info);
    downloadMissing(info.sha(), files);
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
      download(info.sha(), file, bytes -> {});
    }
    return cache.find(info.sha(), file).orElseThrow();
  }

  private void downloadMissing(String commit, List<RemoteFile> files) {
    Map<String, RemoteFile> missing = new HashMap<>();
    for (RemoteFile file : files) {
      if (cache.find(commit, file).isEmpty()) {
        missing.put(file.blob(), file);
      }
    }
    List<RemoteFile> largestFirst = new ArrayList<>(missing.values());
    largestFirst.sort(Comparator.comparingLong(RemoteFile::size).reversed());
    listener.expect(largestFirst.stream().mapToLong(RemoteFile::size).sum(), missing.size());
    runAll(
        largestFirst.stream()
            .<Runnable>map(file -> () -> download(commit, file, listener::received))
            .toList());
  }

  private void download(String commit, RemoteFile file, LongConsumer received) {
    api.download(commit, file, cache.blob(file), received);
  }

  private HubException missing(String name) {
    return new HubException(
        "Cannot download %s: an import needs %s, found no such file".formatted(model, name));
  }

  /**
   * Starts tasks in order and returns when all threads have finished; the first failure stops the
   * others.
   *
   * @throws RuntimeException the first failure of a task
   */
  static void runAll(List<Runnable> tasks) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            THREADS, BasicThreadFactory.builder().namingPattern("hub-download").daemon().build());
    try {
      CompletionService<Void> results = new ExecutorCompletionService<>(pool);
      List<Future<Void>> submitted =
          tasks.stream().map(task -> results.submit(task, null)).toList();
      for (int i = 0; i < submitted.size(); i++) {
        results.take().get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HubException("Cannot download: it was interrupted", e);
    } finally {
      stop(pool);
    }
  }

  private static void stop(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = Thread.interrupted();
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
