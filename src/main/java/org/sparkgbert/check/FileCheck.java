package org.sparkgbert.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.RunManifest;

/** Compares the files of a table with its manifest, on the executors. */
final class FileCheck implements FlatMapFunction<Integer, String> {
  private static final long serialVersionUID = 1L;

  private final String table;
  private final ArrayList<RunManifest.DataFile> entries;
  private final String partitions;
  private final SerializableConfiguration hadoop;

  private FileCheck(EmbeddingTable table, Configuration hadoop) {
    this.table = table.path();
    this.entries = new ArrayList<>(table.manifest().files());
    this.partitions = table.manifest().partitionTypes();
    this.hadoop = new SerializableConfiguration(hadoop);
  }

  /** One line for each file that is missing, damaged, or not in the manifest. */
  static List<String> findings(EmbeddingTable table, SparkSession spark) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    List<RunManifest.DataFile> entries = table.manifest().files();
    List<String> findings = new ArrayList<>(unknownFiles(table, hadoop));
    if (!entries.isEmpty()) {
      // Kryo can read no records, so only their positions are data of tasks.
      List<Integer> positions = IntStream.range(0, entries.size()).boxed().toList();
      FileCheck check = new FileCheck(table, hadoop);
      findings.addAll(
          JavaSparkContext.fromSparkContext(spark.sparkContext())
              .parallelize(positions, Math.min(entries.size(), 1_000))
              .flatMap(check)
              .collect());
    }
    return findings;
  }

  private static List<String> unknownFiles(EmbeddingTable table, Configuration hadoop) {
    Path root = new Path(table.path());
    Map<String, RunManifest.DataFile> known = new HashMap<>();
    table.manifest().files().forEach(file -> known.put(file.path(), file));
    List<String> findings = new ArrayList<>();
    try {
      FileSystem files = HadoopFiles.of(root, hadoop);
      String prefix = files.makeQualified(root).toUri().getPath() + "/";
      RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true);
      while (all.hasNext()) {
        String path = all.next().getPath().toUri().getPath().substring(prefix.length());
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.startsWith("_") && !name.startsWith(".") && !known.containsKey(path)) {
          findings.add("file %s: not in the manifest".formatted(path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list table " + table.path(), e);
    }
    return findings;
  }

  @Override
  public Iterator<String> call(Integer position) {
    RunManifest.DataFile expected = entries.get(position);
    return HadoopFiles.status(new Path(table, expected.path()), hadoop.value())
        .map(found -> findings(expected, found))
        .orElseGet(() -> List.of("file %s: missing".formatted(expected.path())))
        .iterator();
  }

  private List<String> findings(RunManifest.DataFile expected, FileStatus file) {
    List<String> findings = new ArrayList<>();
    compare(findings, expected, "bytes", expected.bytes(), file.getLen());
    try {
      ParquetFile found = ParquetFile.readFooter(file, hadoop.value());
      compare(findings, expected, "rows", expected.rows(), found.rows());
      compare(findings, expected, "footer", expected.footerSha256(), found.footerSha256());
      compare(findings, expected, "types of partitions", partitions, found.partitions());
      if (!isAsWritten(expected, file)) {
        ParquetFile.verifyPages(found.path(), hadoop.value());
        findings.addAll(outsideOfPages(expected, findings.isEmpty()));
      }
    } catch (IllegalArgumentException | UncheckedIOException e) {
      findings.add("file %s: damaged: %s".formatted(expected.path(), e.getMessage()));
    }
    return findings;
  }

  /** Whether the whole file is the same, to the last bit; false if the manifest does not tell. */
  private boolean isAsWritten(RunManifest.DataFile expected, FileStatus file) {
    return expected.sha256().equals(HadoopFiles.sha256(file.getPath(), hadoop.value()));
  }

  private static List<String> outsideOfPages(RunManifest.DataFile expected, boolean isAllElse) {
    return isAllElse && !expected.sha256().isEmpty()
        ? List.of(
            "file %s: damaged: its checksum differs, in an index or in the header of a page"
                .formatted(expected.path()))
        : List.of();
  }

  private static void compare(
      List<String> findings,
      RunManifest.DataFile file,
      String what,
      Object expected,
      Object found) {
    if (!expected.equals(found)) {
      findings.add(
          "file %s: %s differ, expected %s, found %s"
              .formatted(file.path(), what, expected, found));
    }
  }
}
