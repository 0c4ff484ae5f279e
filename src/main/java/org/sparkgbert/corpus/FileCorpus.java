package org.sparkgbert.corpus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A corpus in files. They are listed once; the same list is checked and read.
 *
 * @param spark the session
 * @param source where they are
 * @param format how Spark reads them
 */
record FileCorpus(SparkSession spark, CorpusSource source, FileFormat format) {
  private static final String MERGE = "mergeSchema";

  /** CSV as RFC 4180 defines it: quotes are doubled, and fields may hold line ends. */
  private static final Map<String, String> RFC_4180 = Map.of("escape", "\"", "multiLine", "true");

  /**
   * Opens it.
   *
   * @throws IllegalArgumentException if a path is missing, a file is damaged or would not be read
   */
  Corpus open() {
    try {
      return openFiles();
    } catch (Exception e) {
      throw SparkErrors.asBadInput("Cannot read corpus " + source.name(), e);
    }
  }

  private Corpus openFiles() {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    if (source.hasOption("path") || source.hasOption("paths")) {
      throw new IllegalArgumentException("Cannot read: give paths by --input, not as an option");
    }
    List<Path> roots = roots(hadoop);
    ForeignTables.refuse(roots, hadoop);
    Map<String, String> options = options();
    InputFiles listed = InputFiles.list(spark, roots, options, Option.empty());
    listed.requireWhole(roots, hadoop);
    if (listed.read().isEmpty() && listed.empty().isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot read corpus %s: there are no files".formatted(source.name()));
    }
    ForeignTables.refuse(directories(listed), hadoop);
    List<ParquetFile> footers = name().equals("parquet") ? footers(listed, hadoop) : List.of();
    StructType guessed = listed.index().partitionSchema();
    StructType partitions =
        PartitionTypes.of(
            guessed, footers.stream().map(ParquetFile::partitions).distinct().toList(), spark);
    InputFiles files =
        partitions.equals(guessed)
            ? listed
            : InputFiles.list(spark, roots, options, Option.apply(partitions));
    FileRelation relation = new FileRelation(spark, source.name(), format, files);
    return switch (name()) {
      case "parquet" -> parquet(relation, options, footers);
      case "orc" -> orc(relation, options, hadoop);
      case "csv", "json", "xml" -> new TextCorpus(relation, name(), options).open();
      default ->
          new Corpus(relation.infer(options), OptionalLong.empty(), List.of(), List.of(), name());
    };
  }

  /** Spark's short name of the format. */
  String name() {
    return format instanceof DataSourceRegister named ? named.shortName() : source.format();
  }

  private List<Path> roots(Configuration hadoop) {
    List<Path> roots = new ArrayList<>();
    for (String path : source.paths()) {
      List<Path> found = InputPaths.find(path, hadoop);
      if (found.isEmpty()) {
        throw new IllegalArgumentException("Cannot read %s: there is no such path".formatted(path));
      }
      roots.addAll(found);
    }
    return roots;
  }

  /** Options that the files are read with. */
  Map<String, String> options() {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(name().equals("parquet") ? InputPaths.VERIFY_PAGES : Map.of());
    options.putAll(name().equals("csv") ? RFC_4180 : Map.of());
    options.putAll(source.readOptions());
    return options;
  }

  /** Of those below the given paths, only directories of partitions cannot be tables. */
  private static Set<Path> directories(InputFiles files) {
    Set<Path> directories = new HashSet<>();
    for (FileStatus file : files.read()) {
      Path directory = file.getPath().getParent();
      while (directory != null && directory.getName().contains("=")) {
        directory = directory.getParent();
      }
      if (directory != null) {
        directories.add(directory);
      }
    }
    return directories;
  }

  private static List<ParquetFile> footers(InputFiles files, Configuration hadoop) {
    List<FileStatus> all = new ArrayList<>(files.read());
    all.addAll(files.empty());
    return ParquetFiles.readAll(all, hadoop);
  }

  private Corpus parquet(
      FileRelation relation, Map<String, String> options, List<ParquetFile> footers) {
    List<CorpusFile> found =
        footers.stream()
            .map(file -> new CorpusFile(file.path(), file.columns(), file.types(), file.metadata()))
            .toList();
    return counted(relation, options, found, footers.stream().mapToLong(ParquetFile::rows).sum());
  }

  private Corpus orc(FileRelation relation, Map<String, String> options, Configuration hadoop) {
    OrcFiles found = OrcFiles.read(relation.files().read(), hadoop);
    return counted(relation, options, found.files(), found.rows());
  }

  /** Spark takes the columns from one file unless it is told to look at all. */
  private Corpus counted(
      FileRelation relation, Map<String, String> options, List<CorpusFile> found, long rows) {
    long kinds = found.stream().map(file -> Set.copyOf(lower(file.columns()))).distinct().count();
    Map<String, String> merged =
        kinds > 1 && !source.hasOption(MERGE) ? FileRelation.with(options, MERGE, "true") : options;
    if (FileRelation.isTrue(merged, MERGE)) {
      new ColumnTypes(found, spark.sessionState().conf().caseSensitiveAnalysis()).requireSame();
    }
    return new Corpus(relation.infer(merged), OptionalLong.of(rows), found, List.of(), name());
  }

  private List<String> lower(List<String> names) {
    return spark.sessionState().conf().caseSensitiveAnalysis()
        ? names
        : names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }
}
