package org.sparkgbert.lake;

import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.CreateTableWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.files.HadoopFiles;

/**
 * Writes tables of Iceberg and Delta. A table that is overwritten keeps its definition: partitions,
 * properties and comments.
 *
 * @param spark the session
 * @param target the table
 */
record LakeTableWriter(SparkSession spark, TableTarget target) {
  private static final List<String> FORMATS = List.of("iceberg", "delta");

  /** Whether tables like this one are written here: named ones, and those of Delta at a path. */
  static boolean writes(TableTarget target) {
    return keepsValues(target) && (!target.hasPath() || target.format().equalsIgnoreCase("delta"));
  }

  /** Whether the format keeps values of partitions itself, and not as names of directories. */
  static boolean keepsValues(TableTarget target) {
    return FORMATS.contains(target.format().toLowerCase(Locale.ROOT));
  }

  private Optional<LakeTable> existing() {
    return target.hasPath()
        ? LakeTable.deltaAt(spark, target.path())
        : LakeTable.named(spark, target.path());
  }

  /**
   * Checks whether rows fit into the table, if there is one.
   *
   * @throws IllegalArgumentException if its columns or partitions are others; the message names one
   */
  void requireFits(StructType rows) {
    existing().ifPresent(table -> requireFits(rows, table));
  }

  private void requireFits(StructType rows, LakeTable table) {
    StructType columns = CatalogV2Util.v2ColumnsToStructType(table.table().columns());
    Map<String, StructField> known = byName(columns);
    Map<String, StructField> given = byName(rows);
    for (StructField field : rows.fields()) {
      StructField column = known.get(key(field.name()));
      if (column == null) {
        throw otherDefinition(
            "it has no column '%s'".formatted(field.name()), "add it by ALTER TABLE");
      }
      if (!Cast.canUpCast(field.dataType(), column.dataType())) {
        throw otherDefinition(
            "its column '%s' is %s, found %s"
                .formatted(
                    field.name(),
                    column.dataType().simpleString(),
                    field.dataType().simpleString()),
            "change it by ALTER TABLE");
      }
    }
    for (StructField column : columns.fields()) {
      if (!given.containsKey(key(column.name()))) {
        throw otherDefinition(
            "its column '%s' is not among the new ones".formatted(column.name()),
            "drop it by ALTER TABLE");
      }
    }
    List<String> partitions =
        Arrays.stream(table.table().partitioning()).map(Transform::describe).toList();
    List<String> wanted =
        target.partitionBy().stream().map(Expressions::identity).map(Transform::describe).toList();
    if (!wanted.isEmpty() && !wanted.equals(partitions)) {
      throw otherDefinition(
          "it is partitioned by %s, found %s".formatted(partitions, target.partitionBy()),
          "leave out --partition-by");
    }
  }

  private IllegalArgumentException otherDefinition(String reason, String remedy) {
    return new IllegalArgumentException(
        "Cannot overwrite table %s: %s; %s, or choose another output"
            .formatted(target.path(), reason, remedy));
  }

  private Map<String, StructField> byName(StructType columns) {
    Map<String, StructField> byName = new TreeMap<>();
    Arrays.stream(columns.fields()).forEach(field -> byName.put(key(field.name()), field));
    return byName;
  }

  private String key(String name) {
    return spark.sessionState().conf().caseSensitiveAnalysis()
        ? name
        : name.toLowerCase(Locale.ROOT);
  }

  /**
   * Writes the rows, as a new table or instead of those of an old one.
   *
   * @param manifest manifest of the run; the snapshot and the table keep it
   * @throws IllegalArgumentException if the table has another definition, or the catalog refuses
   */
  void write(Dataset<Row> rows, RunManifest manifest) {
    Map<String, String> options = snapshotOptions(manifest);
    Optional<LakeTable> table = existing();
    Dataset<Row> guarded = isDelta() ? PartitionValues.guarded(rows, partitions(table)) : rows;
    Dataset<Row> plain = withoutProvenance(guarded);
    try {
      if (table.isPresent()) {
        overwrite(plain, table.get(), options, manifest);
      } else {
        create(plain, options, manifest);
      }
    } catch (RuntimeException e) {
      throw PartitionValues.refusal(e).orElseThrow(() -> e);
    } catch (AnalysisException e) {
      if (table.isEmpty() && (e instanceof TableAlreadyExistsException || existing().isPresent())) {
        throw meanwhile("made", e);
      }
      throw new IllegalArgumentException(
          "Cannot write table %s: %s".formatted(target.path(), SparkErrors.oneLine(e)), e);
    }
  }

  /** Options with which Iceberg and Delta keep a manifest beside the rows of this write. */
  static Map<String, String> snapshotOptions(RunManifest manifest) {
    String json = manifest.toJson();
    return Map.of(
        "snapshot-property.spark-gbert-run-id",
        manifest.runId(),
        "snapshot-property.spark-gbert-run",
        json,
        "userMetadata",
        json);
  }

  private boolean isDelta() {
    return target.format().equalsIgnoreCase("delta");
  }

  /** Columns whose values Delta keeps as they would be names of directories. */
  private List<String> partitions(Optional<LakeTable> table) {
    return table
        .map(
            known ->
                Arrays.stream(known.table().partitioning())
                    .flatMap(transform -> Arrays.stream(transform.references()))
                    .map(column -> column.fieldNames()[0])
                    .toList())
        .orElse(target.partitionBy());
  }

  private void create(Dataset<Row> rows, Map<String, String> options, RunManifest manifest)
      throws AnalysisException {
    CreateTableWriter<Row> writer =
        rows.writeTo(name())
            .options(options)
            .using(target.format())
            .tableProperty(LakeTable.PROPERTY, manifest.toLine());
    Column[] partitions = ColumnNames.columns(target.partitionBy());
    if (partitions.length > 0) {
      writer =
          writer.partitionedBy(partitions[0], Arrays.copyOfRange(partitions, 1, partitions.length));
    }
    try {
      writer.create();
    } catch (RuntimeException e) {
      throw explained(e, "made");
    }
  }

  /**
   * While the rows are replaced by others that cannot be compared with them, the table says of no
   * model that it made them.
   */
  private void overwrite(
      Dataset<Row> rows, LakeTable table, Map<String, String> options, RunManifest manifest)
      throws AnalysisException {
    requireFits(rows.schema(), table);
    Optional<RunManifest> before = table.manifest();
    if (before.isPresent() && !before.get().embeddings().equals(manifest.embeddings())) {
      say("that no model made", table::removeManifest);
    }
    try {
      rows.writeTo(name()).options(options).overwrite(lit(true));
    } catch (RuntimeException e) {
      throw explained(e, "changed");
    }
    say("what made", () -> table.refreshed().set(manifest, Map.of()));
  }

  private void say(String what, Runnable commit) {
    CommitRetry.USUAL.run("say %s table %s".formatted(what, target.path()), commit, Progress.NONE);
  }

  private RuntimeException explained(RuntimeException error, String done) {
    return CommitRetry.isConflict(error) ? meanwhile(done, error) : error;
  }

  /** Not tried again: the table may be another now than the one that rows were compared with. */
  private IllegalStateException meanwhile(String done, Exception error) {
    return new IllegalStateException(
        "Cannot write table %s: another run %s it at the same moment; nothing of this run is in it, run again"
            .formatted(target.path(), done),
        error);
  }

  private String name() {
    if (!target.hasPath()) {
      return target.path();
    }
    Path path = new Path(target.path());
    Path whole = HadoopFiles.of(path, spark.sessionState().newHadoopConf()).makeQualified(path);
    return "delta.`%s`".formatted(whole.toString().replace("`", "``"));
  }

  /** Delta keeps the metadata of columns as they first were, whatever is written later. */
  private static Dataset<Row> withoutProvenance(Dataset<Row> rows) {
    Map<String, Metadata> others = new HashMap<>();
    for (StructField field : rows.schema().fields()) {
      others.put(field.name(), ColumnMetadata.withoutProvenance(field));
    }
    return ColumnMetadata.replaced(rows, others);
  }
}
