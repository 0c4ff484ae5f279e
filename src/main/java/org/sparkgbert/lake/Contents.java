package org.sparkgbert.lake;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;

/** What a directory holds that is published under its name. */
enum Contents {
  /** A table, or several and files, with the manifest of its run. */
  TABLE {
    @Override
    boolean isOf(FileSystem files, Path directory, String runId) throws IOException {
      return ofRun(files, directory, runId).isPresent();
    }

    @Override
    boolean isComplete(FileSystem files, Path directory, String runId) throws IOException {
      Optional<RunManifest> manifest = ofRun(files, directory, runId);
      if (manifest.isEmpty()) {
        return false;
      }
      for (RunManifest.DataFile file : manifest.get().files()) {
        if (!hasFile(files, new Path(directory, file.path()), file.bytes())) {
          return false;
        }
      }
      for (String part : manifest.get().parts()) {
        if (!files.exists(new Path(directory, part))) {
          return false;
        }
      }
      return true;
    }

    private Optional<RunManifest> ofRun(FileSystem files, Path directory, String runId)
        throws IOException {
      return runManifest(files, directory).filter(found -> found.runId().equals(runId));
    }

    @Override
    List<String> parts(FileSystem files, Path directory) throws IOException {
      return runManifest(files, directory).map(RunManifest::parts).orElse(List.of());
    }

    @Override
    boolean mayHold(FileStatus child) {
      String name = child.getPath().getName();
      return name.startsWith("_")
          || name.startsWith(".")
          || (child.isDirectory() ? name.contains("=") : name.endsWith(".parquet"));
    }

    @Override
    public String toString() {
      return "table";
    }
  },

  /** A model bundle; which run made it is not recorded. */
  BUNDLE {
    @Override
    boolean isOf(FileSystem files, Path directory, String runId) throws IOException {
      return isComplete(files, directory, runId);
    }

    @Override
    boolean isComplete(FileSystem files, Path directory, String runId) throws IOException {
      Optional<BundleManifest> manifest = bundleManifest(files, directory);
      if (manifest.isEmpty()) {
        return false;
      }
      for (BundleFile file : manifest.get().files()) {
        if (!hasFile(files, new Path(directory, file.name()), file.size())) {
          return false;
        }
      }
      return true;
    }

    @Override
    List<String> parts(FileSystem files, Path directory) throws IOException {
      return bundleManifest(files, directory).stream()
          .flatMap(manifest -> manifest.files().stream())
          .map(BundleFile::name)
          .toList();
    }

    @Override
    boolean mayHold(FileStatus child) {
      return !child.isDirectory()
          && List.of(BundleManifest.FILE, BundleManifest.MODEL_FILE, BundleManifest.TOKENIZER_FILE)
              .contains(child.getPath().getName());
    }

    @Override
    public String toString() {
      return "bundle";
    }
  },

  /** A trained model, with what its training recorded; which run made it is not recorded. */
  TRAINED {
    @Override
    boolean isOf(FileSystem files, Path directory, String runId) throws IOException {
      return isComplete(files, directory, runId);
    }

    @Override
    boolean isComplete(FileSystem files, Path directory, String runId) throws IOException {
      Optional<TrainedFiles> manifest = trainedFiles(files, directory);
      if (manifest.isEmpty()) {
        return false;
      }
      for (Map.Entry<String, Long> file : manifest.get().bytes().entrySet()) {
        if (!hasFile(files, new Path(directory, file.getKey()), file.getValue())) {
          return false;
        }
      }
      return true;
    }

    @Override
    List<String> parts(FileSystem files, Path directory) throws IOException {
      return trainedFiles(files, directory).map(TrainedFiles::parts).orElse(List.of());
    }

    @Override
    boolean mayHold(FileStatus child) {
      return child.getPath().getName().equals(TrainedFiles.MANIFEST);
    }

    @Override
    public String toString() {
      return "trained model";
    }
  };

  private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

  /** Whether a run made what a directory holds. */
  abstract boolean isOf(FileSystem files, Path directory, String runId) throws IOException;

  /** The same, and whether it is whole: its manifest and all that the manifest lists. */
  abstract boolean isComplete(FileSystem files, Path directory, String runId) throws IOException;

  /** What its manifest says that it holds, besides what its kind always may. */
  abstract List<String> parts(FileSystem files, Path directory) throws IOException;

  /** Whether such a directory may hold this, whatever its manifest says. */
  abstract boolean mayHold(FileStatus child);

  /**
   * Overwriting deletes, so what is overwritten has to look like what takes its place.
   *
   * @throws IllegalArgumentException if it does not
   */
  void requireReplaceable(FileSystem files, Path target) throws IOException {
    if (files.getFileStatus(target).isFile()) {
      throw new IllegalArgumentException(
          "Cannot overwrite %s: it is a file, not a %s".formatted(target, this));
    }
    List<String> parts = parts(files, target);
    for (FileStatus child : files.listStatus(target)) {
      if (!mayHold(child) && !parts.contains(child.getPath().getName())) {
        throw new IllegalArgumentException(
            "Cannot overwrite %s: it is not a %s%s, found %s"
                .formatted(
                    target, this == TABLE ? "Parquet " : "", this, child.getPath().getName()));
      }
    }
  }

  private static boolean hasFile(FileSystem files, Path file, long bytes) throws IOException {
    return files.exists(file) && files.getFileStatus(file).getLen() == bytes;
  }

  private static Optional<RunManifest> runManifest(FileSystem files, Path directory)
      throws IOException {
    return manifest(files, directory, RunManifest.FILE, file -> RunManifest.read(files, file));
  }

  private static Optional<BundleManifest> bundleManifest(FileSystem files, Path directory)
      throws IOException {
    return manifest(files, directory, BundleManifest.FILE, file -> readBundle(files, file));
  }

  private static Optional<TrainedFiles> trainedFiles(FileSystem files, Path directory)
      throws IOException {
    return manifest(
        files, directory, TrainedFiles.MANIFEST, file -> TrainedFiles.read(files, file));
  }

  private static BundleManifest readBundle(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return BundleManifest.parse(BundleManifest.readBytes(in));
    }
  }

  /** Reads a manifest; its exception for what is no manifest is an IllegalArgumentException. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(Path file) throws IOException;
  }

  /** The manifest of a directory; empty if it has none that can be read. */
  private static <T> Optional<T> manifest(
      FileSystem files, Path directory, String name, Reader<T> reader) throws IOException {
    Path file = new Path(directory, name);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.read(file));
    } catch (IllegalArgumentException unreadable) {
      LOG.warn("Cannot tell the parts of {}: {}", directory, unreadable.getMessage());
      return Optional.empty();
    }
  }
}
