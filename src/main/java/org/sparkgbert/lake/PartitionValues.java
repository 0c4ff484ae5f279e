package org.sparkgbert.lake;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.sparkgbert.corpus.ColumnNames;

/**
 * Values that become names of directories. An empty string would get the name that null has, and
 * would be null when it is read.
 */
final class PartitionValues {
  private static final Pattern REFUSAL =
      Pattern.compile("Cannot partition by column '.*?': .*? is read as null; [^\\n]*?output");

  private PartitionValues() {}

  /**
   * Refuses timestamps: the name of a directory has the local time of the session without its zone,
   * so that another session reads another value, and two hours of autumn become one.
   *
   * @throws IllegalArgumentException if a column to partition by is a timestamp; Iceberg and Delta
   *     take it
   */
  static void requireTypes(StructType table, TableTarget target) {
    if (LakeTableWriter.keepsValues(target)) {
      return;
    }
    for (String name : target.partitionBy()) {
      if (table.apply(name).dataType() instanceof TimestampType) {
        throw new IllegalArgumentException(
            "Cannot partition by column '%s': as the name of a directory a timestamp would lose its time zone; partition by a date or string column, or write Iceberg or Delta"
                .formatted(name));
      }
    }
  }

  /** The table; reading a row with such a value fails. */
  static Dataset<Row> guarded(Dataset<Row> table, List<String> partitionBy) {
    StructType schema = table.schema();
    if (partitionBy.stream()
        .noneMatch(name -> schema.apply(name).dataType() instanceof StringType)) {
      return table;
    }
    Column[] columns =
        Stream.of(schema.fields())
            .map(
                field ->
                    (partitionBy.contains(field.name()) && field.dataType() instanceof StringType
                            ? guarded(field.name())
                            : ColumnNames.column(field.name()))
                        .as(field.name(), field.metadata()))
            .toArray(Column[]::new);
    return table.select(columns);
  }

  private static Column guarded(String name) {
    Column value = ColumnNames.column(name);
    Column isNullsName =
        value.equalTo("").or(value.equalTo(ExternalCatalogUtils.DEFAULT_PARTITION_NAME()));
    String refusal =
        "Cannot partition by column '%s': as the name of a directory its value '".formatted(name);
    Column message =
        functions.concat(
            functions.lit(refusal),
            value,
            functions.lit(
                "' is read as null; replace it by another value, or leave the column out of the partitions of the output"));
    return functions.when(isNullsName, functions.raise_error(message)).otherwise(value);
  }

  /** What the guard says, if that is why a write failed. */
  static Optional<IllegalArgumentException> refusal(Throwable failure) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      Matcher refusal = REFUSAL.matcher(String.valueOf(cause.getMessage()));
      if (refusal.find()) {
        IllegalArgumentException refused = new IllegalArgumentException(refusal.group());
        refused.addSuppressed(failure);
        return Optional.of(refused);
      }
    }
    return Optional.empty();
  }
}
