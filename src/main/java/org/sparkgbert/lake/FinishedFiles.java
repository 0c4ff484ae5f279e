package org.sparkgbert.lake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;

/**
 * Complete data files that runs left which did not publish their table: those of finished tasks. It
 * is no table: rows of the rest are missing, and several runs may have left the same rows.
 *
 * @param files the files
 */
public record FinishedFiles(List<ParquetFile> files) {
  /** There are none. */
  public static final FinishedFiles NONE = new FinishedFiles(List.of());

  private static final String PARQUET = ".parquet";

  /** Part of the name of a file that is another one in each run. */
  private static final String RUN = "-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  public FinishedFiles {
    files = List.copyOf(files);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return files.isEmpty();
  }

  /** Whether a directory holds any file that may be a complete data file. */
  static boolean mayBeIn(FileSystem files, Path directory) throws IOException {
    return !list(files, directory).isEmpty();
  }

  /**
   * Reads what some directories hold, and deletes from them what cannot be used: files that were
   * never finished, and of those that the same task of several runs finished all but one, so that
   * runs that die one after the other do not fill the disk.
   *
   * @param directories where runs left their files; the lease on their table is held
   */
  static FinishedFiles in(FileSystem files, List<Path> directories, Configuration hadoop)
      throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (Path directory : directories) {
      found.addAll(list(files, directory));
    }
    found.sort(Comparator.comparingLong(FileStatus::getModificationTime).reversed());
    Map<String, ParquetFile> used = new LinkedHashMap<>();
    for (ParquetFile file : ParquetFiles.complete(found, hadoop)) {
      if (file.rows() > 0) {
        used.merge(task(file), file, (newer, older) -> older.rows() > newer.rows() ? older : newer);
      }
    }
    List<Path> usedPaths = used.values().stream().map(file -> new Path(file.path())).toList();
    for (FileStatus file : found) {
      if (!usedPaths.contains(file.getPath())) {
        files.delete(file.getPath(), false);
      }
    }
    return new FinishedFiles(List.copyOf(used.values()));
  }

  /** Names the task that wrote a file in every run alike, with its partition and what it made. */
  private static String task(ParquetFile file) {
    String partitions =
        Stream.of(new Path(file.path()).toUri().getPath().split("/"))
            .filter(name -> name.contains("="))
            .collect(Collectors.joining("/"));
    return "%s/%s %s"
        .formatted(
            partitions, new Path(file.path()).getName().replaceFirst(RUN, ""), file.metadata());
  }

  private static List<FileStatus> list(FileSystem files, Path directory) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    if (files.exists(directory)) {
      for (FileStatus child : files.listStatus(directory)) {
        if (child.isDirectory()) {
          found.addAll(list(files, child.getPath()));
        } else if (child.getPath().getName().endsWith(PARQUET) && child.getLen() > 0) {
          found.add(child);
        }
      }
    }
    return found;
  }
}
