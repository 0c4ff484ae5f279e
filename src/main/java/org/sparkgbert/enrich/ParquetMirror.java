package org.sparkgbert.enrich;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.enrich.MirrorDelta.Change;
import org.sparkgbert.enrich.MirrorDelta.Count;
import org.sparkgbert.lake.EmbeddingTable;
import org.sparkgbert.lake.Partitioning;
import org.sparkgbert.lake.RunInfo;
import org.sparkgbert.lake.RunManifest.DataFile;
import org.sparkgbert.lake.StatusColumn;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.TableWriter;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.lake.WrittenTable;

/**
 * Writes a Parquet table that mirrors a corpus. Files in which no row changed stay as they are; the
 * rows of all others are written again, and the table is published whole.
 *
 * @param table the table
 * @param target where it is
 * @param run the run
 */
record ParquetMirror(MirrorTable table, TableTarget target, RunInfo run) implements MirrorWriter {
  /** Smaller files are written again once there are many, or each day would leave some for ever. */
  private static final long SMALL_BYTES = 16L << 20;

  private static final int MANY_SMALL = 16;

  /** Length of the files that make place for new ones. */
  long bytesReplaced(MirrorDelta due) {
    Set<String> kept = keptFiles(due);
    return files().stream()
        .filter(file -> !kept.contains(file.path()))
        .mapToLong(DataFile::bytes)
        .sum();
  }

  private List<DataFile> files() {
    return table.current().map(current -> current.table().manifest().files()).orElse(List.of());
  }

  /** Files that stay, by their paths in the table. */
  private Set<String> keptFiles(MirrorDelta due) {
    if (!table.isLike()) {
      return Set.of();
    }
    Set<String> changed =
        due.counts().stream()
            .filter(this::changesFile)
            .map(count -> relative(count.file()))
            .collect(Collectors.toSet());
    Set<String> kept = new HashSet<>();
    Map<String, Set<String>> small = new HashMap<>();
    for (DataFile file : files()) {
      if (!changed.contains(file.path())) {
        kept.add(file.path());
        if (file.bytes() < SMALL_BYTES) {
          small.computeIfAbsent(directory(file.path()), path -> new HashSet<>()).add(file.path());
        }
      }
    }
    small.values().stream().filter(some -> some.size() > MANY_SMALL).forEach(kept::removeAll);
    return kept;
  }

  /** The directory of a file's partition; empty if the table has none. */
  private static String directory(String file) {
    return file.substring(0, Math.max(0, file.lastIndexOf('/')));
  }

  private boolean changesFile(Count count) {
    return switch (count.change()) {
      case CHANGED, REFRESHED -> true;
      case VANISHED -> table.removes();
      case NEW, UNCHANGED, NEW_LATER, CHANGED_LATER -> false;
    };
  }

  /** The path in the table: the file's name, and a directory for each partition. */
  private String relative(String uri) {
    int partitions = table.current().orElseThrow().table().manifest().partitionBy().size();
    Path file = SparkPath.fromUrlString(uri).toPath();
    String relative = file.getName();
    for (int i = 0; i < partitions; i++) {
      file = file.getParent();
      relative = file.getName() + "/" + relative;
    }
    return relative;
  }

  @Override
  public WrittenTable write(MirrorRows rows, MirrorDelta due, Dataset<Row> vectors) {
    Dataset<Row> wanted = table.withVectors(rows.where(due, Change.NEW, Change.CHANGED), vectors);
    List<StatusColumn> statuses = List.of(StatusColumn.of(table.columns().added().embedding()));
    Optional<EmbeddingTable> old = table.current().map(CurrentTable::table);
    if (old.isEmpty()) {
      return TableWriter.write(
          divided(wanted, table.rowsAfter(due)),
          OptionalLong.of(table.rowsAfter(due)),
          statuses,
          target.withMode(WriteMode.ERROR),
          run);
    }
    Set<String> kept = keptFiles(due);
    Column isInOther = isInOther(kept);
    Dataset<Row> all = wanted;
    if (due.has(Change.UNCHANGED, Change.REFRESHED)) {
      all = all.unionByName(table.withOwnVectors(rows.whereIds(sameIds(due, isInOther))));
    }
    if (due.has(staying())) {
      Dataset<Row> ids = due.rows().where(MirrorDelta.isOneOf(staying())).where(isInOther);
      all = all.unionByName(table.asTheyAre(ids));
    }
    return TableWriter.replaceFiles(
        divided(all, table.rowsAfter(due) - rowsOf(kept)),
        table.rowsAfter(due),
        kept,
        old.get(),
        statuses,
        target,
        run);
  }

  private long rowsOf(Set<String> kept) {
    return files().stream()
        .filter(file -> kept.contains(file.path()))
        .mapToLong(DataFile::rows)
        .sum();
  }

  private Change[] staying() {
    return table.removes()
        ? new Change[] {Change.CHANGED_LATER}
        : new Change[] {Change.CHANGED_LATER, Change.VANISHED};
  }

  /** The ids of rows whose vectors stay and whose files make place: a column {@code id}. */
  private Dataset<Row> sameIds(MirrorDelta due, Column isInOther) {
    Dataset<Row> changed =
        due.rows()
            .where(functions.not(MirrorDelta.isOneOf(Change.REFRESHED)))
            .select(functions.col(MirrorDelta.ID).as("changed_id"));
    return table
        .ids()
        .where(isInOther)
        .join(
            changed,
            functions.col(MirrorDelta.ID).equalTo(functions.col("changed_id")),
            "left_anti")
        .select(MirrorDelta.ID);
  }

  /** Whether the file of a row, in the column {@code file}, is none of some. */
  private Column isInOther(Set<String> kept) {
    if (kept.isEmpty()) {
      return functions.lit(true);
    }
    Object[] uris =
        table
            .ids()
            .select(MirrorDelta.FILE)
            .distinct()
            .as(Encoders.STRING())
            .collectAsList()
            .stream()
            .filter(uri -> kept.contains(relative(uri)))
            .toArray();
    return functions.not(functions.col(MirrorDelta.FILE).isin(uris));
  }

  /** Equal values of partitions go to one task, so that not every task writes a file for each. */
  private Dataset<Row> divided(Dataset<Row> rows, long count) {
    Partitioning partitioning = Partitioning.of(table.settings().encoding());
    Dataset<Row> divided =
        partitioning.overFiles(
            rows,
            new Corpus(rows, OptionalLong.of(count)),
            table.model().provenance().dimension(),
            target.partitionBy());
    return divided == rows && !target.partitionBy().isEmpty()
        ? rows.repartition(ColumnNames.columns(target.partitionBy()))
        : divided;
  }
}
