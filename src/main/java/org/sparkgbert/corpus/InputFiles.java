package org.sparkgbert.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkRuntimeException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap$;
import org.apache.spark.sql.execution.datasources.FileStatusWithMetadata;
import org.apache.spark.sql.execution.datasources.InMemoryFileIndex;
import org.apache.spark.sql.execution.datasources.NoopCache$;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.PartitioningAwareFileIndex;
import org.apache.spark.sql.execution.streaming.runtime.MetadataLogFileIndex;
import org.apache.spark.sql.execution.streaming.sinks.FileStreamSink$;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.HadoopFiles;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The files of a corpus, listed once: what is checked is what Spark reads.
 *
 * @param index Spark's list
 * @param read those that Spark reads, in the order of their paths
 * @param left those that it finds under the same paths and does not read
 * @param empty those of no bytes, which it skips
 */
record InputFiles(
    PartitioningAwareFileIndex index,
    List<FileStatus> read,
    List<FileStatus> left,
    List<FileStatus> empty) {
  private static final String READ_ALL =
      "read all with --read-option recursiveFileLookup=true (no column then comes from names of"
          + " directories), or name the paths to read";

  InputFiles {
    read = List.copyOf(read);
    left = List.copyOf(left);
    empty = List.copyOf(empty);
  }

  /**
   * Lists files as Spark's data sources do.
   *
   * @param roots files and directories that exist
   * @param options options of the data source
   * @param partitions columns from names of directories, with the types that they should have;
   *     Spark guesses those of others
   */
  static InputFiles list(
      SparkSession spark,
      List<Path> roots,
      Map<String, String> options,
      Option<StructType> partitions) {
    PartitioningAwareFileIndex index = index(spark, roots, options, partitions);
    List<FileStatus> read = new ArrayList<>();
    Set<Path> paths = new HashSet<>();
    for (PartitionDirectory directory : directories(index)) {
      for (FileStatusWithMetadata file : CollectionConverters.asJava(directory.files())) {
        read.add(file.fileStatus());
        paths.add(file.getPath());
      }
    }
    // Spark's order of partitions is that of a hash table.
    read.sort(Comparator.comparing(FileStatus::getPath));
    List<FileStatus> left = new ArrayList<>();
    List<FileStatus> empty = new ArrayList<>();
    for (FileStatus file : CollectionConverters.asJava(index.leafFiles()).values()) {
      boolean isChosen =
          index.matchPathPattern(file) && !ParquetFiles.isHidden(file.getPath().getName());
      if (isChosen && !paths.contains(file.getPath())) {
        (file.getLen() == 0 ? empty : left).add(file);
      }
    }
    return new InputFiles(index, read, left, empty);
  }

  private static List<PartitionDirectory> directories(PartitioningAwareFileIndex index) {
    try {
      return CollectionConverters.asJava(index.listFiles(none(), none()));
    } catch (SparkRuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot read corpus: its directories do not agree on partitions, %s; %s"
              .formatted(e.getCondition(), READ_ALL),
          e);
    }
  }

  /** A directory that a stream writes has a log of the files that count. */
  private static PartitioningAwareFileIndex index(
      SparkSession spark,
      List<Path> roots,
      Map<String, String> options,
      Option<StructType> partitions) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Seq<String> names =
        CollectionConverters.asScala(roots.stream().map(Path::toString).toList()).toSeq();
    var parameters = parameters(options);
    if (FileStreamSink$.MODULE$.hasMetadata(names, hadoop, spark.sessionState().conf())) {
      return new MetadataLogFileIndex(spark, roots.get(0), parameters, partitions);
    }
    return new InMemoryFileIndex(
        spark,
        CollectionConverters.asScala(roots).toSeq(),
        parameters,
        partitions,
        NoopCache$.MODULE$,
        Option.empty(),
        Option.empty());
  }

  /** Options as Spark's data sources take them: their names in any case. */
  static CaseInsensitiveMap<String> parameters(Map<String, String> options) {
    return CaseInsensitiveMap$.MODULE$.apply(
        scala.collection.immutable.Map.from(CollectionConverters.asScala(options)));
  }

  private static <T> Seq<T> none() {
    return CollectionConverters.asScala(List.<T>of()).toSeq();
  }

  /**
   * Makes sure that Spark reads each file under the paths, once.
   *
   * @param roots the paths
   * @throws IllegalArgumentException if not; the message names a file and the way out
   */
  void requireWhole(List<Path> roots, Configuration hadoop) {
    for (Path root : roots) {
      if (ParquetFiles.isHidden(root.getName())
          && HadoopFiles.status(root, hadoop).filter(FileStatus::isFile).isPresent()) {
        throw new IllegalArgumentException(
            "Cannot read %s: Spark reads no file whose name begins with _ or .; rename it"
                .formatted(root));
      }
    }
    Set<Path> seen = new HashSet<>();
    for (FileStatus file : read) {
      if (!seen.add(file.getPath())) {
        throw new IllegalArgumentException(
            "Cannot read %s: it would be read twice, since several of the given paths lead to it"
                .formatted(file.getPath()));
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read corpus: Spark reads %d of its %d files and leaves out the others, such as %s; %s"
              .formatted(read.size(), read.size() + left.size(), left.get(0).getPath(), READ_ALL));
    }
  }
}
