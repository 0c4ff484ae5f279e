package org.sparkgbert.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.corpus.PartitionTypes;
import org.sparkgbert.files.HadoopFiles;

/**
 * Data files of a Parquet table that become, as they are, files of the table that replaces it.
 *
 * <p>On the local file system a kept file is a hard link where that can be: no byte is copied, and
 * the replaced table, as long as {@link KeepOld} keeps it, shares the file with the new one. That
 * is safe, since nobody of ours changes a file once it is published: tables are deleted name by
 * name, which leaves the other name as it is. Whoever changes a published file in place ({@code
 * truncate}, {@code dd conv=notrunc}, {@code chmod}) changes it in both tables, as {@code check}
 * finds; tools that write a new file and rename it ({@code sed -i}, most editors) change one. Where
 * a link is refused (a symbolic link, another disk, a file of another user) and on other file
 * systems the bytes are copied by tasks.
 *
 * @param table the table that is replaced, as it was read
 * @param directory where it is, links followed
 * @param files those of its files that stay
 */
record KeptFiles(EmbeddingTable table, Path directory, List<RunManifest.DataFile> files) {
  private static final int MAX_TASKS = 1_000;

  /**
   * The files of a table with some names.
   *
   * @param names paths relative to the table, as in its manifest
   * @param target what takes its place
   * @throws IllegalArgumentException if the target is another table or partitioned otherwise, or a
   *     file is none of the table's, or has no checksum
   */
  static KeptFiles of(
      EmbeddingTable table, Set<String> names, TableTarget target, Configuration hadoop) {
    RunManifest manifest = table.manifest();
    boolean isSame =
        table.kind() == EmbeddingTable.Kind.PARQUET
            && target.isParquet()
            && manifest.parts().isEmpty()
            && placeOf(table.path(), hadoop).equals(placeOf(target.path(), hadoop));
    if (!isSame) {
      throw new IllegalArgumentException(
          "Cannot keep files of table %s: only a Parquet table that is written again can keep its own, found the output %s (%s)"
              .formatted(table.path(), target.path(), target.format()));
    }
    Set<String> unknown = new TreeSet<>(names);
    List<RunManifest.DataFile> files =
        manifest.files().stream().filter(file -> unknown.remove(file.path())).toList();
    KeptFiles kept = new KeptFiles(table, placeOf(table.path(), hadoop), files);
    if (!unknown.isEmpty()) {
      throw kept.refusal("its manifest lists no file " + unknown.iterator().next());
    }
    for (RunManifest.DataFile file : files) {
      if (file.sha256().isEmpty()) {
        throw kept.refusal(
            "its manifest, of an earlier version, has no checksum of " + file.path() + remedy());
      }
    }
    if (!files.isEmpty() && !manifest.partitionBy().equals(target.partitionBy())) {
      throw kept.refusal(
          "it is partitioned by %s, found %s for the new rows%s"
              .formatted(manifest.partitionBy(), target.partitionBy(), remedy()));
    }
    return kept;
  }

  private static Path placeOf(String path, Configuration hadoop) {
    return TablePlace.of(path, hadoop).target();
  }

  private static String remedy() {
    return "; write all of its files anew";
  }

  private IllegalArgumentException refusal(String reason) {
    return new IllegalArgumentException(
        "Cannot keep files of table %s: %s".formatted(table.path(), reason));
  }

  /**
   * New rows as the rows of the kept files are: columns in the same order, with the same metadata.
   * Whatever does not change vectors, such as the version of spark-gbert, is told once for a
   * column: as the kept files tell it. What made a column of partitions no file tells, so that the
   * new rows do.
   *
   * @throws IllegalArgumentException if columns, types, or what made a column differ
   */
  Dataset<Row> like(Dataset<Row> rows) {
    if (files.isEmpty()) {
      return rows;
    }
    StructType old = table.rows(rows.sparkSession()).schema();
    requireColumns(old, rows.schema());
    Map<String, Metadata> metadata = new TreeMap<>();
    for (StructField field : old.fields()) {
      if (!table.manifest().partitionBy().contains(field.name())) {
        requireMadeAlike(field, table.path(), rows.schema().apply(field.name()), "the new rows");
        metadata.put(field.name(), field.metadata());
      }
    }
    return ColumnMetadata.replaced(
        rows.select(ColumnNames.columns(List.of(old.fieldNames()))), metadata);
  }

  private void requireColumns(StructType old, StructType found) {
    for (StructField field : found.fields()) {
      if (!Arrays.asList(old.fieldNames()).contains(field.name())) {
        throw refusal("it has no column '%s' as the new rows%s".formatted(field.name(), remedy()));
      }
    }
    for (StructField field : old.fields()) {
      DataType type = field.dataType();
      Optional<DataType> other =
          Arrays.stream(found.fields())
              .filter(each -> each.name().equals(field.name()))
              .map(StructField::dataType)
              .findFirst();
      if (!other.map(DataType::asNullable).equals(Optional.of(type.asNullable()))) {
        throw refusal(
            "its column '%s' is %s, found %s in the new rows%s"
                .formatted(
                    field.name(),
                    type.simpleString(),
                    other.map(DataType::simpleString).orElse("none"),
                    remedy()));
      }
    }
  }

  private void requireMadeAlike(
      StructField field, String where, StructField other, String otherWhere) {
    String what = "keep files of table " + table.path();
    InputProvenance.requireSame(what, field, where, other, otherWhere);
    Optional<String> text = EmbeddingProvenance.of(field).map(EmbeddingProvenance::textColumn);
    Optional<String> otherText = EmbeddingProvenance.of(other).map(EmbeddingProvenance::textColumn);
    if (!text.equals(otherText)) {
      throw refusal(
          "its column '%s' has the embeddings of column '%s', found '%s' in %s%s"
              .formatted(
                  field.name(), text.orElse(""), otherText.orElse(""), otherWhere, remedy()));
    }
  }

  /**
   * Makes sure that the table is still the one that was read, once its lease is held.
   *
   * @throws IllegalStateException if another run wrote it meanwhile
   */
  void requireUnchanged(FileSystem fileSystem) throws IOException {
    Path manifest = new Path(directory, RunManifest.FILE);
    String found =
        fileSystem.exists(manifest) ? RunManifest.read(fileSystem, manifest).runId() : "";
    if (!found.equals(table.manifest().runId())) {
      throw new IllegalStateException(
          "Cannot publish table %s: it was %s after this run had read it as written by run %s; run again"
              .formatted(
                  table.path(),
                  found.isEmpty() ? "removed" : "changed by run " + found,
                  table.manifest().runId()));
    }
  }

  /**
   * Puts the files into the directory where the new table grows, before its own files are written.
   *
   * @throws IllegalStateException if one is gone, or is not as its run wrote it
   * @throws IllegalArgumentException if one has not the columns of the others
   */
  void stage(Path staging, SparkSession spark) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    Configuration hadoop = spark.sessionState().newHadoopConf();
    // Kryo can read no records, so only their paths are data of tasks.
    List<String> paths = files.stream().map(RunManifest.DataFile::path).toList();
    List<String> found =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(paths, Math.min(paths.size(), MAX_TASKS))
            .map(new Stager(directory.toString(), staging.toString(), hadoop))
            .collect();
    for (int i = 0; i < files.size(); i++) {
      if (!found.get(i).equals(files.get(i).sha256())) {
        throw new IllegalStateException(
            "Cannot keep file %s of table %s: %s after run %s had written it; jobs/check.sh says more"
                .formatted(
                    paths.get(i),
                    table.path(),
                    found.get(i).equals(Stager.GONE) ? "it vanished" : "it was changed",
                    table.manifest().runId()));
      }
    }
    HadoopFiles.of(staging, hadoop).delete(new Path(staging, Stager.COPIES), true);
    requireFooters(staging, spark);
  }

  /** Their footers are those of the manifest; whoever made a column, the manifest must say it. */
  private void requireFooters(Path staging, SparkSession spark) {
    StructType schema = table.rows(spark).schema();
    List<String> partitionBy = table.manifest().partitionBy();
    List<String> columns =
        Arrays.stream(schema.fieldNames()).filter(name -> !partitionBy.contains(name)).toList();
    String partitions = PartitionTypes.ddl(schema, partitionBy);
    for (ParquetFile file :
        ParquetFiles.readFooters(
            List.of(staging.toString()), spark.sessionState().newHadoopConf())) {
      if (!Set.copyOf(file.columns()).equals(Set.copyOf(columns))
          || !file.partitions().equals(partitions)) {
        throw refusal(
            "%s has the columns %s and the partitions '%s', found %s and '%s' in others%s"
                .formatted(
                    new Path(file.path()).getName(),
                    file.columns(),
                    file.partitions(),
                    columns,
                    partitions,
                    remedy()));
      }
      for (StructField field : schema.fields()) {
        Metadata metadata = Metadata.fromJson(file.metadata().getOrDefault(field.name(), "{}"));
        if (!partitionBy.contains(field.name())) {
          requireMadeAlike(
              field,
              table.path(),
              new StructField(field.name(), field.dataType(), true, metadata),
              new Path(file.path()).getName());
        }
      }
    }
  }

  /**
   * What the tasks of a run and the kept files say of the rows of each file.
   *
   * @param written rows by file, as tasks wrote them
   * @throws IllegalStateException if a new file has the name of a kept one
   */
  Map<String, Long> withRows(Map<String, Long> written) {
    Map<String, Long> rows = new TreeMap<>(written);
    for (RunManifest.DataFile file : files) {
      if (rows.put(file.path(), file.rows()) != null) {
        throw new IllegalStateException(
            "Cannot publish table %s: a task wrote %s, which is the name of a file that stays"
                .formatted(table.path(), file.path()));
      }
    }
    return rows;
  }

  /** Links or copies a file, on an executor, and tells the checksum of what then is there. */
  private static final class Stager implements Function<String, String> {
    private static final long serialVersionUID = 1L;

    /** Where copies grow; readers of tables do not see the name. */
    private static final String COPIES = "_copies";

    /** Instead of the checksum of a file that is not there. */
    private static final String GONE = "gone";

    /** Instead of the checksum of a file that contradicts the one that Hadoop keeps beside it. */
    private static final String CHANGED = "changed";

    private final String table;
    private final String staging;
    private final SerializableConfiguration hadoop;

    private Stager(String table, String staging, Configuration hadoop) {
      this.table = table;
      this.staging = staging;
      this.hadoop = new SerializableConfiguration(hadoop);
    }

    @Override
    public String call(String path) throws IOException {
      Path from = new Path(table + "/" + path);
      Path to = new Path(staging + "/" + path);
      try {
        FileSystem files = HadoopFiles.of(to, hadoop.value());
        files.mkdirs(to.getParent());
        if (!LocalFiles.isLocal(files) || !LocalFiles.link(from, to)) {
          copy(files, from, to);
        }
        return HadoopFiles.sha256(to, hadoop.value());
      } catch (FileNotFoundException | NoSuchFileException e) {
        return GONE;
      } catch (ChecksumException e) {
        return CHANGED;
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof ChecksumException) {
          return CHANGED;
        }
        throw e;
      }
    }

    /** Another attempt of the same task may be copying it, too: the name is given at the end. */
    private void copy(FileSystem files, Path from, Path to) throws IOException {
      if (HadoopFiles.showsFilesWhole(files)) {
        FileUtil.copy(files, from, files, to, false, true, hadoop.value());
        return;
      }
      Path part = new Path(staging, COPIES + "/" + TaskContext.get().taskAttemptId());
      FileUtil.copy(files, from, files, part, false, true, hadoop.value());
      if (!files.rename(part, to) && !files.exists(to)) {
        throw new IOException("Cannot rename %s to %s: refused".formatted(part, to));
      }
    }
  }
}
