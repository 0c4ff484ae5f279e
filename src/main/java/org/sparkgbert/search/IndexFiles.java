package org.sparkgbert.search;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.RunManifest;
import scala.jdk.javaapi.CollectionConverters;

/** Compares the files of an index with its manifest, as far as a list of files tells: lengths. */
final class IndexFiles {
  private IndexFiles() {}

  /**
   * Makes sure that rows come from the files that the manifest lists. Tables of Iceberg and Delta,
   * which list their files themselves, are not compared.
   *
   * @param rows the index; Spark has listed its files
   * @throws IllegalArgumentException if a file is missing, has another length, or is not listed
   */
  static void require(EmbeddingTable table, Dataset<Row> rows) {
    if (table.kind() != EmbeddingTable.Kind.PARQUET) {
      return;
    }
    Map<String, Long> listed = listed(table.path(), rows);
    for (RunManifest.DataFile file : table.manifest().files()) {
      Long found = listed.remove(file.path());
      if (found == null) {
        throw refusal(table, "its file %s is missing", file.path());
      }
      if (found != file.bytes()) {
        throw refusal(
            table,
            "its file %s should have %,d bytes, found %,d",
            file.path(),
            file.bytes(),
            found);
      }
    }
    if (!listed.isEmpty()) {
      throw refusal(
          table, "its manifest does not list the file %s", listed.keySet().iterator().next());
    }
  }

  private static IllegalArgumentException refusal(
      EmbeddingTable table, String reason, Object... values) {
    return new IllegalArgumentException(
        "Cannot read index %s: %s; build it again with jobs/index.sh"
            .formatted(table.path(), reason.formatted(values)));
  }

  /** Lengths of the files by their paths relative to the table. */
  private static Map<String, Long> listed(String table, Dataset<Row> rows) {
    Configuration hadoop = rows.sparkSession().sessionState().newHadoopConf();
    Path root = new Path(table);
    URI directory = HadoopFiles.of(root, hadoop).makeQualified(root).toUri();
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
    return CollectionConverters.asJava(plan.collectLeaves()).stream()
        .filter(LogicalRelation.class::isInstance)
        .map(leaf -> ((LogicalRelation) leaf).relation())
        .filter(HadoopFsRelation.class::isInstance)
        .map(relation -> ((HadoopFsRelation) relation).location())
        .filter(PartitioningAwareFileIndex.class::isInstance)
        .flatMap(
            index ->
                CollectionConverters.asJava(((PartitioningAwareFileIndex) index).allFiles())
                    .stream())
        .filter(file -> file.getLen() > 0)
        .collect(
            Collectors.toMap(
                file -> directory.relativize(file.getPath().toUri()).getPath(),
                FileStatus::getLen,
                (one, other) -> one,
                TreeMap::new));
  }
}
