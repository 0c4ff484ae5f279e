package org.sparkgbert.lake;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.corpus.PartitionTypes;
import org.sparkgbert.corpus.WholeReads;
import org.sparkgbert.files.HadoopFiles;

/**
 * A table that spark-gbert wrote.
 *
 * @param path its directory, or its name in a catalog
 * @param kind how it is stored
 * @param manifest manifest of the run that wrote it
 */
public record EmbeddingTable(String path, Kind kind, RunManifest manifest) {
  /** How a table is stored. */
  public enum Kind {
    /** A directory of Parquet files with a manifest, which lists them. */
    PARQUET,
    /** A directory of Delta, whose manifest is a property. */
    DELTA,
    /** A table of a catalog, such as one of Iceberg, whose manifest is a property. */
    NAMED
  }

  public EmbeddingTable {
    path = HadoopFiles.unambiguous(path);
  }

  /**
   * Finds a table.
   *
   * @param name its directory, or its name in a catalog
   * @throws IllegalArgumentException if there is none, or its manifest is missing or cannot be read
   */
  public static EmbeddingTable find(String name, SparkSession spark) {
    String table = HadoopFiles.unambiguous(name);
    Configuration hadoop = spark.sessionState().newHadoopConf();
    finishSwap(table, hadoop);
    if (HadoopFiles.exists(new Path(table), hadoop)) {
      return HadoopFiles.exists(new Path(table, RunManifest.FILE), hadoop)
          ? open(table, hadoop)
          : LakeTable.deltaAt(spark, table)
              .map(delta -> of(table, Kind.DELTA, delta))
              .orElseGet(() -> open(table, hadoop));
    }
    return LakeTable.named(spark, table)
        .map(named -> of(table, Kind.NAMED, named))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read table %s: there is no such directory, and no table of that name"
                        .formatted(table)));
  }

  private static EmbeddingTable of(String path, Kind kind, LakeTable table) {
    return table
        .manifest()
        .map(manifest -> new EmbeddingTable(path, kind, manifest))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read table %s: it has no property %s, so spark-gbert did not write it, or before tables of this format had one; write it again"
                        .formatted(path, LakeTable.PROPERTY)));
  }

  /**
   * Opens a directory of Parquet by its manifest; what a run that died left half done is finished
   * first.
   *
   * @throws IllegalArgumentException if there is none, or its manifest cannot be read
   */
  public static EmbeddingTable open(String table, Configuration hadoop) {
    String path = HadoopFiles.unambiguous(table);
    finishSwap(path, hadoop);
    if (!HadoopFiles.exists(new Path(path), hadoop)) {
      throw new IllegalArgumentException(
          "Cannot read table %s: there is no such directory".formatted(path));
    }
    return HadoopFiles.readText(new Path(path, RunManifest.FILE), hadoop)
        .map(json -> new EmbeddingTable(path, Kind.PARQUET, RunManifest.parse(json)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read table %s: it has no %s, so spark-gbert did not write it"
                        .formatted(path, RunManifest.FILE)));
  }

  /**
   * Finishes what a run left half done that died while it replaced a table; nothing happens to a
   * path that leads to something.
   *
   * @throws IllegalArgumentException if another run is replacing it, or it cannot be finished; the
   *     message says what to do
   */
  public static void finishSwap(String path, Configuration hadoop) {
    HalfSwap.finishBeforeReading(path, hadoop);
  }

  /**
   * Its rows; a page that does not match its checksum is an error.
   *
   * @throws IllegalArgumentException if a setting of the session leaves out rows without a word
   */
  public Dataset<Row> rows(SparkSession spark) {
    WholeReads.require(spark);
    return switch (kind) {
      case PARQUET ->
          withPartitions(
              PartitionTypes.read(
                  spark,
                  List.of(manifest.partitionTypes()),
                  schema -> InputPaths.verified(spark, schema).parquet(path)));
      case DELTA -> withProvenance(InputPaths.literally(spark).format("delta").load(path));
      case NAMED -> withProvenance(spark.table(path));
    };
  }

  /** Spark's name of its format, or {@link CorpusSource#VIEW} where only its name tells. */
  public String format(SparkSession spark) {
    return switch (kind) {
      case PARQUET -> "parquet";
      case DELTA -> "delta";
      case NAMED ->
          lake(spark).filter(LakeTable::isIceberg).map(LakeTable::format).orElse(CorpusSource.VIEW);
    };
  }

  /** The table in its catalog; empty for a directory of Parquet, or if it is gone. */
  public Optional<LakeTable> lake(SparkSession spark) {
    return switch (kind) {
      case PARQUET -> Optional.empty();
      case DELTA -> LakeTable.deltaAt(spark, path);
      case NAMED -> LakeTable.named(spark, path);
    };
  }

  /** Columns of partitions are in no file, so that the manifest alone says what made them. */
  private Dataset<Row> withPartitions(Dataset<Row> rows) {
    return manifest.partitionBy().stream().anyMatch(manifest.derived()::containsKey)
        ? withProvenance(rows, manifest.partitionBy())
        : rows;
  }

  private Dataset<Row> withProvenance(Dataset<Row> rows) {
    return withProvenance(rows, List.of(rows.columns()));
  }

  private Dataset<Row> withProvenance(Dataset<Row> rows, List<String> columns) {
    Map<String, Metadata> metadata =
        Arrays.stream(rows.schema().fields())
            .filter(field -> columns.contains(field.name()))
            .collect(
                Collectors.toMap(
                    StructField::name, field -> InputProvenance.ofTable(manifest, field)));
    return ColumnMetadata.replaced(rows, metadata);
  }

  /**
   * Its rows, after every file was asked what made it.
   *
   * @param what what they are wanted for, as in "Cannot look up embeddings"
   * @throws IllegalArgumentException if files are missing, or were not made like the others
   */
  public Dataset<Row> checkedRows(String what, SparkSession spark) {
    if (kind != Kind.PARQUET) {
      return rows(spark);
    }
    CorpusSource source = new CorpusSource(List.of(path), "parquet", Map.of(), "");
    Corpus corpus = source.open(spark);
    if (corpus.count().isPresent() && corpus.count().getAsLong() != manifest.rows()) {
      throw new IllegalArgumentException(
          "Cannot %s: the manifest of %s counts %d rows, found %d in its files; jobs/check.sh says more"
              .formatted(what, path, manifest.rows(), corpus.count().getAsLong()));
    }
    return new InputProvenance(what, source).of(corpus, List.of(corpus.rows().columns())).rows();
  }
}
