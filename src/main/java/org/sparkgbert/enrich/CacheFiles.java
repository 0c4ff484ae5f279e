package org.sparkgbert.enrich;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.files.Json;
import org.sparkgbert.lake.KeepOld;

/**
 * The files of a cache that is a directory. Files come by rename, whole, and are never changed; a
 * file that another one replaces is listed as such first, and deleted much later, so that whoever
 * reads it can end.
 *
 * <pre>
 * _vector_cache.json                          says that this is a cache
 * fingerprint=F/bucket=NN/RUN-part-N.parquet  vectors
 * _staging/RUN/                               what a run is about to add
 * _replaced/RUN.json                          files that a prune has replaced
 * </pre>
 *
 * @param files the file system
 * @param root the directory
 */
record CacheFiles(FileSystem files, Path root) {
  /** Says that a directory is a cache. */
  static final String MARK = "_vector_cache.json";

  private static final int FORMAT_VERSION = 1;

  /** No run takes so long to add what it has encoded. */
  private static final long DEAD_MILLIS = Duration.ofDays(7).toMillis();

  private static final String STAGING = "_staging";
  private static final String REPLACED = "_replaced";
  private static final String PARTITION = CachedVectors.FINGERPRINT + "=";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What the mark says. */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Mark(int formatVersion, int buckets) {}

  /**
   * Files that are not part of the cache any more.
   *
   * @param since when they were replaced, ISO 8601 in UTC
   * @param files paths relative to the cache
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Replaced(String since, List<String> files) {}

  /** The files at a path. */
  static CacheFiles at(String path, Configuration hadoop) {
    Path root = new Path(path);
    FileSystem files = HadoopFiles.of(root, hadoop);
    return new CacheFiles(files, files.makeQualified(root));
  }

  /**
   * Whether the cache exists.
   *
   * @throws IllegalArgumentException if something else is there
   */
  boolean exist() {
    return trying(
        "read",
        () -> {
          if (!files.exists(root)) {
            return false;
          }
          Optional<String> foreign = foreign();
          Optional<String> mark = HadoopFiles.readText(new Path(root, MARK), files.getConf());
          if (mark.isPresent()) {
            require(mark.get());
            return true;
          }
          if (foreign.isPresent()) {
            throw new IllegalArgumentException(
                "Cannot use cache %s: it is %s".formatted(root, foreign.get()));
          }
          return false;
        });
  }

  private void require(String json) {
    Mark mark;
    try {
      mark = JSON.readValue(json, Mark.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot use cache %s: its %s cannot be read: %s"
              .formatted(root, MARK, e.getOriginalMessage()),
          e);
    }
    if (mark.formatVersion() != FORMAT_VERSION || mark.buckets() != CachedVectors.BUCKETS) {
      throw new IllegalArgumentException(
          "Cannot use cache %s: its layout must have version %d and %d buckets, found version %d and %d; use another cache"
              .formatted(
                  root,
                  FORMAT_VERSION,
                  CachedVectors.BUCKETS,
                  mark.formatVersion(),
                  mark.buckets()));
    }
  }

  /** What is there, if it is no cache: of those, nothing is there before the mark. */
  private Optional<String> foreign() throws IOException {
    if (files.getFileStatus(root).isFile()) {
      return Optional.of("a file; choose another name");
    }
    for (FileStatus child : files.listStatus(root)) {
      String name = child.getPath().getName();
      if (!name.equals(STAGING)) {
        return Optional.of(
            "a directory without %s, found %s; choose another directory".formatted(MARK, name));
      }
    }
    return Optional.empty();
  }

  /** Makes an empty cache, whoever does so at the same time. */
  void create() {
    trying(
        "make",
        () -> {
          if (!exist()) {
            Path mark = new Path(staging(UUID.randomUUID().toString()), MARK);
            HadoopFiles.write(
                files, mark, Json.text(new Mark(FORMAT_VERSION, CachedVectors.BUCKETS)));
            boolean renamed = files.rename(mark, new Path(root, MARK));
            files.delete(mark.getParent(), true);
            if (!renamed && !exist()) {
              throw new IOException("the file system refused to rename " + mark);
            }
          }
          return null;
        });
  }

  /** Where the files of a run grow. */
  Path staging(String run) {
    return new Path(new Path(root, STAGING), run);
  }

  /** The directory with the vectors of a fingerprint. */
  Path partition(String fingerprint) {
    return new Path(root, PARTITION + fingerprint);
  }

  /** The fingerprints of which there are or were vectors. */
  List<String> fingerprints() {
    return trying(
        "list",
        () -> {
          List<String> found = new ArrayList<>();
          for (FileStatus child : files.listStatus(root)) {
            String name = child.getPath().getName();
            if (child.isDirectory() && name.startsWith(PARTITION)) {
              found.add(name.substring(PARTITION.length()));
            }
          }
          return found;
        });
  }

  /** The files with vectors of a fingerprint, as of now. */
  List<FileStatus> list(String fingerprint) {
    return trying(
        "list",
        () -> {
          // What replaces files is in its place before they are said to be replaced.
          Set<String> replaced = new HashSet<>();
          for (Path list : replacedLists()) {
            replaced.addAll(read(list).map(Replaced::files).orElse(List.of()));
          }
          List<FileStatus> found = new ArrayList<>();
          for (FileStatus bucket : children(partition(fingerprint))) {
            for (FileStatus file : children(bucket.getPath())) {
              String name = file.getPath().getName();
              if (!name.startsWith(".")
                  && !name.startsWith("_")
                  && !replaced.contains(relative(file.getPath()))) {
                found.add(file);
              }
            }
          }
          return found;
        });
  }

  private FileStatus[] children(Path directory) throws IOException {
    try {
      return files.listStatus(directory);
    } catch (FileNotFoundException none) {
      return new FileStatus[0];
    }
  }

  /** A file's path inside the cache. */
  String relative(Path file) {
    return root.toUri().relativize(file.toUri()).getPath();
  }

  /**
   * Gives the files of a run their places.
   *
   * @param run its id, which makes names unique
   * @param partition what Spark wrote for a fingerprint, divided into buckets
   * @return paths relative to the cache
   */
  List<String> publish(String run, Path partition, String fingerprint) {
    return trying(
        "add to",
        () -> {
          List<String> published = new ArrayList<>();
          for (FileStatus bucket : files.listStatus(partition)) {
            if (bucket.isDirectory() && bucket.getPath().getName().contains("=")) {
              Path place = new Path(partition(fingerprint), bucket.getPath().getName());
              files.mkdirs(place);
              for (FileStatus file : files.listStatus(bucket.getPath())) {
                Path target = new Path(place, run + "-" + file.getPath().getName());
                if (!files.rename(file.getPath(), target)) {
                  throw new IOException("the file system refused to make " + target);
                }
                published.add(relative(target));
              }
            }
          }
          return published;
        });
  }

  /** Deletes what a run left where its files grew. */
  void unstage(String run) {
    trying(
        "clean",
        () -> {
          files.delete(staging(run), true);
          return null;
        });
  }

  /** Says that files are not part of the cache any more. */
  void replace(String run, List<String> old, Instant now) {
    if (!old.isEmpty()) {
      trying(
          "prune",
          () -> {
            Path part = new Path(staging(run), run + ".json");
            HadoopFiles.write(files, part, Json.text(new Replaced(now.toString(), old)));
            files.mkdirs(new Path(root, REPLACED));
            Path list = new Path(new Path(root, REPLACED), part.getName());
            if (!files.rename(part, list)) {
              throw new IOException("the file system refused to make " + list);
            }
            return null;
          });
    }
  }

  /**
   * Deletes files that were replaced long ago, and what runs left that died long ago.
   *
   * @param keep how long replaced files stay
   * @return how many files that were replaced are deleted
   */
  int clean(KeepOld keep, Instant now) {
    return trying(
        "clean",
        () -> {
          int deleted = 0;
          for (Path list : replacedLists()) {
            Optional<Replaced> replaced = read(list);
            if (replaced.isPresent() && !keep.keeps(Instant.parse(replaced.get().since()), now)) {
              for (String file : replaced.get().files()) {
                deleted += files.delete(new Path(root, file), false) ? 1 : 0;
              }
              files.delete(list, false);
            }
          }
          for (FileStatus run : children(new Path(root, STAGING))) {
            if (run.getModificationTime() < now.toEpochMilli() - DEAD_MILLIS) {
              files.delete(run.getPath(), true);
            }
          }
          return deleted;
        });
  }

  private List<Path> replacedLists() throws IOException {
    List<Path> lists = new ArrayList<>();
    for (FileStatus list : children(new Path(root, REPLACED))) {
      if (!list.getPath().getName().startsWith(".")) {
        lists.add(list.getPath());
      }
    }
    return lists;
  }

  private Optional<Replaced> read(Path list) throws IOException {
    Optional<String> json = HadoopFiles.readText(list, files.getConf());
    return json.isEmpty()
        ? Optional.empty()
        : Optional.of(JSON.readValue(json.get(), Replaced.class));
  }

  /** Work with files. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T trying(String what, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot %s cache %s: %s".formatted(what, root, e.getMessage()), e);
    }
  }
}
