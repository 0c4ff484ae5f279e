package org.sparkgbert.convert.hub;

import java.nio.file.Path;
import java.util.Set;

/** A model that only the cache is asked for. */
final class OfflineModel {
  private final HubReference model;
  private final ModelCache cache;

  OfflineModel(HubReference model, ModelCache cache) {
    this.model = model;
    this.cache = cache;
  }

  /**
   * The model's snapshot.
   *
   * @throws HubException if the cache does not have the revision or lacks a file
   */
  Snapshot find(Progress progress) {
    String commit =
        cache
            .commit(model.revision())
            .orElseThrow(() -> missing("the revision " + model.revision()));
    Path directory = cache.snapshot(commit);
    Set<String> names = cache.names(commit);
    NeededFiles.choose(names, directory::resolve, this::missing);
    if (!names.contains(NeededFiles.MODULES)) {
      progress.note(
          "%s: the cache has no %s; if the model has one, it is not used"
              .formatted(model, NeededFiles.MODULES));
    }
    return new Snapshot(directory, commit, ModelCard.read(directory));
  }

  private HubException missing(String name) {
    return new HubException(
        "Cannot use %s offline: %s is not in the cache, found no such file under %s;"
                .formatted(model, name, cache.root())
            + " unset HF_HUB_OFFLINE to download it");
  }
}
