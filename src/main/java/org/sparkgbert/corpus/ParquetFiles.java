package org.sparkgbert.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/** Finds Parquet files as Spark does, and reads their footers. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /**
   * Reads the footers of all files of some paths.
   *
   * @param paths files, directories or globs, as {@link InputPaths} takes them; inside a directory,
   *     hidden files are ignored, and so are subdirectories other than partitions
   * @throws IllegalArgumentException if a path is missing, or a file is not a complete Parquet file
   */
  public static List<ParquetFile> readFooters(List<String> paths, Configuration hadoop) {
    List<FileStatus> files = new ArrayList<>();
    for (String path : paths) {
      files.addAll(find(path, hadoop));
    }
    return readAll(files, hadoop);
  }

  /**
   * Finds the complete Parquet files right inside a directory that a dead run may have left; others
   * are passed over.
   *
   * @return their paths; none if there is no such directory
   * @throws UncheckedIOException if the file system fails
   */
  public static List<String> complete(Path directory, Configuration hadoop) {
    if (!HadoopFiles.exists(directory, hadoop)) {
      return List.of();
    }
    try {
      List<FileStatus> files = new ArrayList<>();
      for (FileStatus child : HadoopFiles.of(directory, hadoop).listStatus(directory)) {
        if (child.isFile() && !isHidden(child.getPath().getName())) {
          files.add(child);
        }
      }
      return complete(files, hadoop).stream().map(ParquetFile::path).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Reads the footers of those of some files that are complete, in the same order. */
  public static List<ParquetFile> complete(List<FileStatus> files, Configuration hadoop) {
    return Parallel.map(files, file -> footerIfComplete(file, hadoop)).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<ParquetFile> footerIfComplete(FileStatus file, Configuration hadoop) {
    try {
      return Optional.of(ParquetFile.readFooter(file, hadoop));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  private static List<FileStatus> find(String path, Configuration hadoop) {
    try {
      List<Path> matches = InputPaths.find(path, hadoop);
      if (matches.isEmpty()) {
        throw new IllegalArgumentException("Cannot read %s: there is no such path".formatted(path));
      }
      List<FileStatus> files = new ArrayList<>();
      for (Path match : matches) {
        FileSystem system = HadoopFiles.of(match, hadoop);
        collect(system, system.getFileStatus(match), files);
      }
      return files;
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException("Cannot read %s: it vanished".formatted(path), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + path + ": " + e.getMessage(), e);
    }
  }

  private static void collect(FileSystem system, FileStatus status, List<FileStatus> files)
      throws IOException {
    if (!status.isDirectory()) {
      files.add(status);
      return;
    }
    for (FileStatus child : system.listStatus(status.getPath())) {
      String name = child.getPath().getName();
      if (!isHidden(name) && (child.isFile() || name.contains("="))) {
        collect(system, child, files);
      }
    }
  }

  /** Spark skips these, except for partition directories such as {@code _day=1}. */
  static boolean isHidden(String name) {
    return name.startsWith(".")
        || (name.startsWith("_") && !name.contains("="))
        || name.endsWith("._COPYING_");
  }

  /**
   * Reads the footers of some files.
   *
   * @throws IllegalArgumentException if one is not a complete Parquet file
   */
  public static List<ParquetFile> readAll(List<FileStatus> files, Configuration hadoop) {
    return Parallel.map(files, file -> ParquetFile.readFooter(file, hadoop));
  }
}
