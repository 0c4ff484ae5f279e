package org.sparkgbert.lake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.catalog.CatalogManager;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.apache.spark.sql.connector.catalog.CatalogV2Util;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCatalog;
import org.apache.spark.sql.connector.catalog.TableChange;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.corpus.SparkErrors;
import org.sparkgbert.files.HadoopFiles;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * A table of a catalog, such as one of Iceberg or Delta. These formats keep no metadata of columns,
 * or that of the first write only, so a property of the table holds the manifest of the run that
 * wrote its rows.
 *
 * @param catalog its catalog
 * @param id its name there
 * @param table its definition, when it was found
 */
public record LakeTable(TableCatalog catalog, Identifier id, Table table) {
  /** The property with the manifest. */
  static final String PROPERTY = "spark-gbert.run";

  private static final String ICEBERG = "iceberg";

  private static final String DELTA = "delta";
  static final String DELTA_LOG = "_delta_log";

  /** How often to look for a table that another run is making, and the time between. */
  private static final int LOOKS = 50;

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /**
   * Finds a table by its name.
   *
   * @return empty if there is none, or it is no such name
   */
  public static Optional<LakeTable> named(SparkSession spark, String name) {
    CatalogManager catalogs = spark.sessionState().catalogManager();
    List<String> parts;
    try {
      parts =
          CollectionConverters.asJava(
              spark.sessionState().sqlParser().parseMultipartIdentifier(name));
    } catch (Exception noName) {
      return Optional.empty();
    }
    boolean isQualified = parts.size() > 1 && catalogs.isCatalogRegistered(parts.get(0));
    CatalogPlugin catalog =
        isQualified ? catalogs.catalog(parts.get(0)) : catalogs.currentCatalog();
    List<String> inCatalog = isQualified ? parts.subList(1, parts.size()) : parts;
    String[] namespace =
        inCatalog.size() == 1 && !isQualified
            ? catalogs.currentNamespace()
            : inCatalog.subList(0, inCatalog.size() - 1).toArray(String[]::new);
    return find(catalog, Identifier.of(namespace, inCatalog.get(inCatalog.size() - 1)));
  }

  /**
   * Finds a table of Delta by its directory; one that another run is making at this moment is
   * waited for.
   *
   * @return empty if there is none, or one without columns
   */
  public static Optional<LakeTable> deltaAt(SparkSession spark, String path) {
    Path directory = new Path(path);
    var hadoop = spark.sessionState().newHadoopConf();
    if (!HadoopFiles.exists(new Path(directory, DELTA_LOG), hadoop)) {
      return Optional.empty();
    }
    Path whole = HadoopFiles.of(directory, hadoop).makeQualified(directory);
    CatalogPlugin catalog = spark.sessionState().catalogManager().v2SessionCatalog();
    Identifier id = Identifier.of(new String[] {DELTA}, whole.toString());
    Optional<LakeTable> table = find(catalog, id);
    for (int look = 1; look < LOOKS && table.filter(LakeTable::isInTheMaking).isPresent(); look++) {
      Pause.of(BETWEEN_LOOKS, "Cannot read table %s: interrupted".formatted(path));
      table = find(catalog, id);
    }
    return table.filter(found -> !found.isInTheMaking());
  }

  /** Whether another run has begun to make it, whose first version is not there yet. */
  private boolean isInTheMaking() {
    return isDelta() && schema().isEmpty();
  }

  /**
   * Finds the table that rows are read from.
   *
   * @return empty if they are not those of one table of a catalog
   */
  static Optional<LakeTable> of(Dataset<Row> rows) {
    List<LogicalPlan> sources =
        CollectionConverters.asJava(rows.queryExecution().analyzed().collectLeaves());
    if (sources.size() != 1) {
      return Optional.empty();
    }
    if (sources.get(0) instanceof DataSourceV2Relation relation) {
      return OptionConverters.toJava(relation.catalog())
          .filter(TableCatalog.class::isInstance)
          .filter(catalog -> relation.identifier().isDefined())
          .map(
              catalog ->
                  new LakeTable(
                      (TableCatalog) catalog, relation.identifier().get(), relation.table()));
    }
    return sources.get(0) instanceof LogicalRelation relation
            && relation.relation() instanceof HadoopFsRelation files
            && files.location().rootPaths().size() == 1
        ? deltaAt(rows.sparkSession(), files.location().rootPaths().head().toString())
        : Optional.empty();
  }

  private static Optional<LakeTable> find(CatalogPlugin catalog, Identifier id) {
    if (!(catalog instanceof TableCatalog tables)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new LakeTable(tables, id, tables.loadTable(id)));
    } catch (AnalysisException none) {
      return Optional.empty();
    }
  }

  /**
   * The manifest of the run that wrote its rows.
   *
   * @return empty if it does not say
   * @throws IllegalArgumentException if what it says is no manifest
   */
  public Optional<RunManifest> manifest() {
    Map<String, String> properties = table.properties();
    return Optional.ofNullable(properties.get(PROPERTY)).map(RunManifest::parse);
  }

  /** Says of no run that it wrote its rows. */
  void removeManifest() {
    alter(List.of(TableChange.removeProperty(PROPERTY)));
  }

  /**
   * Says which run wrote its rows, and sets other properties, in one commit.
   *
   * @throws IllegalArgumentException if the catalog refuses
   */
  public void set(RunManifest manifest, Map<String, String> others) {
    List<TableChange> changes = new ArrayList<>();
    changes.add(TableChange.setProperty(PROPERTY, manifest.toLine()));
    others.forEach((name, value) -> changes.add(TableChange.setProperty(name, value)));
    alter(changes);
  }

  /**
   * Sets properties in one commit.
   *
   * @throws IllegalArgumentException if the catalog refuses
   */
  public void set(Map<String, String> properties) {
    List<TableChange> changes = new ArrayList<>();
    properties.forEach((name, value) -> changes.add(TableChange.setProperty(name, value)));
    alter(changes);
  }

  /**
   * Adds the columns that the table lacks, which may be null, in one commit. Others may add the
   * same ones at the same time.
   *
   * @param columns the columns, with comments
   * @return whether it added any
   * @throws IllegalArgumentException if the catalog refuses, or another writer adds one of them
   *     with another type
   */
  public boolean addMissing(StructType columns) {
    List<StructField> missing =
        Stream.of(columns.fields()).filter(column -> field(column.name()).isEmpty()).toList();
    if (missing.isEmpty()) {
      return false;
    }
    try {
      alter(missing.stream().map(LakeTable::added).toList());
      return true;
    } catch (RuntimeException e) {
      LakeTable now = refreshed();
      List<StructField> left = new ArrayList<>();
      for (StructField column : missing) {
        now.field(column.name())
            .ifPresentOrElse(found -> requireType(found, column), () -> left.add(column));
      }
      if (left.size() == missing.size()) {
        throw e;
      }
      return now.addMissing(new StructType(left.toArray(StructField[]::new)));
    }
  }

  private static TableChange added(StructField column) {
    return TableChange.addColumn(
        new String[] {column.name()},
        column.dataType(),
        true,
        OptionConverters.toJava(column.getComment()).orElse(null));
  }

  private void requireType(StructField found, StructField wanted) {
    String type = found.dataType().simpleString();
    if (!type.equals(wanted.dataType().simpleString())) {
      throw new IllegalArgumentException(
          "Cannot add column '%s' to table %s: another writer added it as %s, expected %s"
              .formatted(found.name(), name(), type, wanted.dataType().simpleString()));
    }
  }

  private void alter(List<TableChange> changes) {
    try {
      catalog.alterTable(id, changes.toArray(TableChange[]::new));
    } catch (AnalysisException e) {
      throw new IllegalArgumentException(
          "Cannot alter table %s: %s".formatted(name(), SparkErrors.oneLine(e)), e);
    }
  }

  /**
   * The table as it is now, whatever the catalog remembers of it.
   *
   * @throws IllegalArgumentException if it is gone
   */
  public LakeTable refreshed() {
    catalog.invalidateTable(id);
    return find(catalog, id)
        .orElseThrow(
            () ->
                new IllegalArgumentException("Cannot read table %s: it is gone".formatted(name())));
  }

  /** Its rows, as they are now. */
  public Dataset<Row> rows(SparkSession spark) {
    return spark.table(refreshed().name());
  }

  /** Its columns. */
  public StructType schema() {
    return CatalogV2Util.v2ColumnsToStructType(table.columns());
  }

  /**
   * A column, by the session's rule for upper and lower case; empty if it has none of that name.
   */
  public Optional<StructField> field(String name) {
    boolean isExact = SQLConf.get().caseSensitiveAnalysis();
    return Stream.of(schema().fields())
        .filter(field -> isExact ? field.name().equals(name) : field.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** Its format in lower case, such as {@code iceberg}; empty if it does not say. */
  public String format() {
    return table.properties().getOrDefault(TableCatalog.PROP_PROVIDER, "").toLowerCase(Locale.ROOT);
  }

  /** Whether it is one of Iceberg. */
  public boolean isIceberg() {
    return format().equals(ICEBERG);
  }

  /** Whether it is one of Delta. */
  public boolean isDelta() {
    return format().equals(DELTA);
  }

  /** Its directory; empty if the catalog does not tell. */
  public Optional<String> location() {
    return Optional.ofNullable(table.properties().get(TableCatalog.PROP_LOCATION));
  }

  /** Its name in SQL, quoted. */
  public String name() {
    boolean isPath = id.namespace().length == 1 && id.namespace()[0].equals(DELTA);
    List<String> parts = new ArrayList<>();
    if (!isPath || !id.name().contains("/")) {
      parts.add(catalog.name());
    }
    parts.addAll(List.of(id.namespace()));
    parts.add(id.name());
    return parts.stream()
        .map(part -> "`" + part.replace("`", "``") + "`")
        .collect(Collectors.joining("."));
  }
}
