package org.sparkgbert.corpus;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Types of the columns whose values are names of directories. Spark would guess them, and take
 * {@code 01067} for a number. Our tables say which they are; in other tables they are strings
 * unless the session sets {@code spark.sql.sources.partitionColumnTypeInference.enabled}.
 */
public final class PartitionTypes {
  /** Key in the footers of our files: the columns' names and types as DDL. */
  public static final String FOOTER_KEY = "spark_gbert.partitions";

  private PartitionTypes() {}

  /** Names and types of some columns of a table as DDL, empty for no columns. */
  public static String ddl(StructType table, List<String> columns) {
    StructType types = new StructType();
    for (String column : columns) {
      types = types.add(column, table.apply(column).dataType());
    }
    return types.isEmpty() ? "" : types.toDDL();
  }

  /**
   * Reads files with the types that they declare.
   *
   * @param declared names and types as DDL, as different files or a manifest declare them
   * @param load reads them with the given schema, or with the one that Spark finds
   * @throws IllegalArgumentException if files declare different types of a column
   */
  public static Dataset<Row> read(
      SparkSession spark,
      Collection<String> declared,
      Function<Optional<StructType>, Dataset<Row>> load) {
    Dataset<Row> guessed = load.apply(Optional.empty());
    StructType found = partitions(guessed);
    StructType wanted = of(found, declared, spark);
    if (wanted.equals(found)) {
      return guessed;
    }
    Map<String, DataType> types = new HashMap<>();
    Arrays.stream(wanted.fields()).forEach(field -> types.put(field.name(), field.dataType()));
    StructType schema = new StructType();
    for (StructField field : guessed.schema().fields()) {
      DataType type = types.getOrDefault(field.name(), field.dataType());
      schema = schema.add(new StructField(field.name(), type, field.nullable(), field.metadata()));
    }
    return load.apply(Optional.of(schema));
  }

  /** Columns of a table that come from names of directories. */
  private static StructType partitions(Dataset<Row> rows) {
    for (LogicalPlan leaf :
        CollectionConverters.asJava(rows.queryExecution().analyzed().collectLeaves())) {
      if (leaf instanceof LogicalRelation relation
          && relation.relation() instanceof HadoopFsRelation files) {
        return files.partitionSchema();
      }
    }
    return new StructType();
  }

  /**
   * The types that columns should have.
   *
   * @param found the columns as Spark guessed them
   * @throws IllegalArgumentException if files declare different types of a column
   */
  static StructType of(StructType found, Collection<String> declared, SparkSession spark) {
    Map<String, DataType> known = new HashMap<>();
    for (String ddl : declared) {
      for (StructField field :
          ddl.isEmpty() ? new StructField[0] : StructType.fromDDL(ddl).fields()) {
        DataType other = known.put(field.name(), field.dataType());
        if (other != null && !other.equals(field.dataType())) {
          throw new IllegalArgumentException(
              "Cannot read column '%s': it is %s in some files and %s in others; give inputs of one kind"
                  .formatted(field.name(), other.simpleString(), field.dataType().simpleString()));
        }
      }
    }
    String guess = SQLConf.PARTITION_COLUMN_TYPE_INFERENCE().key();
    boolean mayGuess =
        spark.sessionState().conf().contains(guess)
            && Boolean.parseBoolean(spark.conf().get(guess));
    StructType wanted = new StructType();
    for (StructField field : found.fields()) {
      DataType unknown = mayGuess ? field.dataType() : DataTypes.StringType;
      DataType type = known.getOrDefault(field.name(), unknown);
      wanted = wanted.add(new StructField(field.name(), type, field.nullable(), field.metadata()));
    }
    return wanted;
  }
}
