package org.sparkgbert.corpus;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.lang3.concurrent.ConcurrentUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;

/** Finds Parquet files as Spark does, and reads their footers. */
public final class ParquetFiles {
  private static final int THREADS = 16;

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

  private static List<ParquetFile> readAll(List<FileStatus> files, Configuration hadoop) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<ParquetFile>> footers = new ArrayList<>();
      for (FileStatus file : files) {
        footers.add(threads.submit(() -> ParquetFile.readFooter(file, hadoop)));
      }
      List<ParquetFile> read = new ArrayList<>();
      for (Future<ParquetFile> footer : footers) {
        read.add(footer.get());
      }
      return read;
    } catch (ExecutionException e) {
      throw ConcurrentUtils.extractCauseUnchecked(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot read Parquet footers: interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
