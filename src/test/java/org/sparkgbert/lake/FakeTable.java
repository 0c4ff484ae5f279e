package org.sparkgbert.lake;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;

/** A table of two files and a manifest that all hold the name of their run. */
final class FakeTable {
  private static final List<String> DATA = List.of("part-0.parquet", "part-1.parquet");

  private FakeTable() {}

  /** Writes the table of a run, its manifest last. */
  static void write(FileSystem files, org.apache.hadoop.fs.Path directory, String runId)
      throws IOException {
    for (String name : DATA) {
      put(files, new org.apache.hadoop.fs.Path(directory, name), runId);
    }
    put(files, new org.apache.hadoop.fs.Path(directory, RunManifest.FILE), manifest(runId));
  }

  /** Writes the table of a run on the local disk. */
  static Path write(Path directory, String runId) throws IOException {
    Files.createDirectories(directory);
    for (String name : DATA) {
      Files.writeString(directory.resolve(name), runId);
    }
    Files.writeString(directory.resolve(RunManifest.FILE), manifest(runId));
    return directory;
  }

  private static void put(FileSystem files, org.apache.hadoop.fs.Path file, String content)
      throws IOException {
    try (OutputStream out = files.create(file, false)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Which run's table stands here.
   *
   * @return "none" if there is nothing
   * @throws AssertionError if it is incomplete, or a mixture
   */
  static String runOf(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return "none";
    }
    String runId = RunManifest.parse(Files.readString(directory.resolve(RunManifest.FILE))).runId();
    for (String name : DATA) {
      if (!Files.readString(directory.resolve(name)).equals(runId)) {
        throw new AssertionError(name + " is not of run " + runId);
      }
    }
    List<String> names = visible(directory);
    if (names.size() != DATA.size() + 1) {
      throw new AssertionError("Too much in the table of run " + runId + ": " + names);
    }
    return runId;
  }

  /** The names in a directory, but for checksums of Hadoop's local file system. */
  static List<String> visible(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  private static String manifest(String runId) {
    return new RunManifest(
            RunManifest.FORMAT_VERSION,
            runId,
            "2026-11-23T00:00:00Z",
            "2026-11-23T00:00:01Z",
            "0",
            "0",
            new RunManifest.Input(List.of("corpus"), "parquet", ""),
            "model",
            0,
            Map.of(),
            Map.of(),
            2,
            Map.of(),
            List.of(),
            "",
            List.of(),
            List.of(),
            Map.of(),
            "")
        .toJson();
  }
}
