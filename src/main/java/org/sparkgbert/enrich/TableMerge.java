package org.sparkgbert.enrich;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.MergeIntoWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.lake.CommitRetry;
import org.sparkgbert.lake.LakeTable;
import scala.$less$colon$less$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Publishes staged rows into a table of Iceberg or Delta by MERGE, again and again while other
 * writers commit first. The source is always staged, since Iceberg reads it twice for
 * copy-on-write.
 *
 * @param table the table
 * @param staged the rows; none of their columns has the name of one of the table's
 * @param on which rows of the table belong to which staged ones, in columns of both
 * @param clauses what happens to them, the first that applies
 */
record TableMerge(LakeTable table, StagedRows staged, Column on, List<Clause> clauses) {

  /** What happens to rows. */
  sealed interface Clause {}

  /**
   * Changes rows of the table that belong to staged ones.
   *
   * @param when which of them; empty for all
   * @param values new values by column of the table
   */
  record Update(Optional<Column> when, Map<String, Column> values) implements Clause {}

  /**
   * Deletes rows of the table that belong to staged ones.
   *
   * @param when which of them; empty for all
   */
  record Delete(Optional<Column> when) implements Clause {}

  /**
   * Inserts staged rows that no row of the table belongs to.
   *
   * @param when which of them; empty for all
   * @param values values by column of the table
   */
  record Insert(Optional<Column> when, Map<String, Column> values) implements Clause {}

  /**
   * @throws IllegalArgumentException if it only inserts, or names of columns clash
   */
  TableMerge {
    clauses = List.copyOf(clauses);
    // A MERGE that only inserts is an append, which other appends do not conflict with.
    if (clauses.stream().allMatch(Insert.class::isInstance)) {
      throw new IllegalArgumentException(
          "Cannot merge into table %s: what only inserts can double rows".formatted(table.name()));
    }
    Set<String> names = new HashSet<>(lowerCase(table.schema().fieldNames()));
    names.retainAll(lowerCase(staged.schema().fieldNames()));
    if (!names.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot merge into table %s: it has columns with the names of staged ones, %s; rename them"
              .formatted(table.name(), names));
    }
  }

  private static List<String> lowerCase(String[] names) {
    return Arrays.stream(names).map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Merges.
   *
   * @param mayMerge is called right before, and throws if nothing may be merged any more
   * @param progress is told of each conflict with another writer
   * @throws IllegalStateException if other writers kept committing first
   */
  void run(SparkSession spark, Runnable mayMerge, Progress progress) {
    CommitRetry.USUAL.run(
        "merge into table " + table.name(),
        () -> {
          mayMerge.run();
          merge(spark, table.refreshed());
        },
        progress);
  }

  private void merge(SparkSession spark, LakeTable now) {
    MergeIntoWriter<Row> writer = staged.read(spark).mergeInto(now.name(), on);
    for (Clause clause : clauses) {
      writer = with(writer, clause);
    }
    writer.merge();
  }

  private static MergeIntoWriter<Row> with(MergeIntoWriter<Row> writer, Clause clause) {
    if (clause instanceof Update update) {
      return update
          .when()
          .map(writer::whenMatched)
          .orElseGet(writer::whenMatched)
          .update(assignments(update.values()));
    }
    if (clause instanceof Insert insert) {
      return insert
          .when()
          .map(writer::whenNotMatched)
          .orElseGet(writer::whenNotMatched)
          .insert(assignments(insert.values()));
    }
    return ((Delete) clause)
        .when()
        .map(writer::whenMatched)
        .orElseGet(writer::whenMatched)
        .delete();
  }

  private static scala.collection.immutable.Map<String, Column> assignments(
      Map<String, Column> values) {
    Map<String, Column> quoted = new LinkedHashMap<>();
    values.forEach((name, value) -> quoted.put("`" + name.replace("`", "``") + "`", value));
    return CollectionConverters.asScala(quoted).toMap($less$colon$less$.MODULE$.refl());
  }

  /**
   * Staged ids that more than one row of the table has, to be asked after rows were inserted: where
   * a table's isolation is weaker than serializable, two runs at once can insert the same row.
   *
   * @param stagedId the ids' column among the staged ones
   * @param id the ids' column of the table
   */
  long doubled(SparkSession spark, String stagedId, String id) {
    Column wanted = ColumnNames.column(stagedId);
    Column found = ColumnNames.column(id);
    return spark
        .table(table.refreshed().name())
        .select(found)
        .join(staged.read(spark).select(wanted).distinct(), found.equalTo(wanted), "left_semi")
        .groupBy(found)
        .agg(functions.count(functions.lit(1)).as("rows"))
        .where(functions.col("rows").gt(1))
        .count();
  }
}
