package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One model's part of the Hub's cache, in huggingface_hub's layout: {@code blobs} with file
 * contents under their entity tags, {@code snapshots/COMMIT} with links to them under the files'
 * names, and {@code refs} with the commits of branches and tags.
 */
final class ModelCache {
  private final Path cache;
  private final Path root;

  /**
   * @param cache the directory of all models
   */
  ModelCache(Path cache, HubReference model) {
    this.cache = cache.toAbsolutePath();
    this.root = this.cache.resolve("models--" + model.owner() + "--" + model.name());
  }

  /** Directory of the model's part. */
  Path root() {
    return root;
  }

  /** The file that processes lock before they write to this part. */
  Path lockFile() {
    return cache.resolve(".locks").resolve(root.getFileName()).resolve("spark-gbert.lock");
  }

  /** Where the content of a file is, or will be. */
  Path blob(RemoteFile file) {
    return root.resolve("blobs").resolve(file.blob());
  }

  /** Where a commit's files are, under their names. */
  Path snapshot(String commit) {
    return root.resolve("snapshots").resolve(commit);
  }

  /** The file's content if it is complete, judging by its size: in the snapshot or as a blob. */
  Optional<Path> find(String commit, RemoteFile file) {
    return Stream.of(snapshot(commit).resolve(file.path()), blob(file))
        .filter(path -> hasSize(path, file.size()))
        .findFirst();
  }

  /** Links a blob into the snapshot under its name. */
  void link(String commit, RemoteFile file) {
    Path name = snapshot(commit).resolve(file.path());
    if (hasSize(name, file.size())) {
      return;
    }
    try {
      Files.createDirectories(name.getParent());
      Path unnamed = name.resolveSibling("." + name.getFileName() + ".link");
      Files.deleteIfExists(unnamed);
      Files.createSymbolicLink(unnamed, name.getParent().relativize(blob(file)));
      Files.move(unnamed, name, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot link " + name + ": " + e, e);
    }
  }

  /** The commit that a revision last pointed to. */
  Optional<String> commit(String revision) {
    if (HubReference.isCommit(revision)) {
      return Optional.of(revision);
    }
    Path ref = root.resolve("refs").resolve(revision);
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(ref).strip()).filter(HubReference::isCommit);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + ref + ": " + e, e);
    }
  }

  /** Records the commit that a revision points to. */
  void remember(String revision, String commit) {
    if (commit(revision).filter(commit::equals).isPresent()) {
      return;
    }
    Path ref = root.resolve("refs").resolve(revision);
    try {
      Files.createDirectories(ref.getParent());
      Path unnamed = ref.resolveSibling("." + ref.getFileName() + ".part");
      Files.writeString(unnamed, commit);
      Files.move(unnamed, ref, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + ref + ": " + e, e);
    }
  }

  /** Names of the files in a snapshot; broken links are left out. */
  Set<String> names(String commit) {
    Path directory = snapshot(commit);
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    Set<String> names = new TreeSet<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      paths.filter(Files::isRegularFile).forEach(p -> names.add(slashed(directory, p)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + directory + ": " + e, e);
    }
    return names;
  }

  private static String slashed(Path directory, Path path) {
    return directory.relativize(path).toString().replace('\\', '/');
  }

  private static boolean hasSize(Path path, long size) {
    try {
      return Files.isRegularFile(path) && Files.size(path) == size;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + ": " + e, e);
    }
  }
}
