package org.sparkgbert.embed;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.catalog.CatalogTable;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Assignment;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.execution.command.DataWritingCommand;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.lake.EmbeddingProvenance;
import scala.Option;
import scala.Product;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Refuses to write vectors into a column that says that something else made its vectors: Spark
 * would write what the column says into the new files.
 */
final class WrittenProvenance {
  private WrittenProvenance() {}

  /**
   * @throws IllegalArgumentException if the node writes such vectors
   */
  static void require(LogicalPlan node) {
    if (node instanceof V2WriteCommand write) {
      requireQuery(write);
    } else if (node instanceof DataWritingCommand write) {
      table(node).ifPresent(table -> requireQuery(write, table));
    } else if (node.childrenResolved() && !node.children().isEmpty()) {
      requireAssignments(node);
    }
  }

  private static void requireQuery(V2WriteCommand write) {
    LogicalPlan target = (LogicalPlan) write.table();
    if (!target.resolved() || !write.query().resolved() || !write.outputResolved()) {
      return;
    }
    List<Attribute> query = CollectionConverters.asJava(write.query().output());
    List<Attribute> table = CollectionConverters.asJava(target.output());
    for (int i = 0; i < query.size(); i++) {
      Attribute column = query.get(i);
      Optional<Attribute> written =
          write.isByName()
              ? table.stream().filter(each -> each.name().equalsIgnoreCase(column.name())).findAny()
              : table.stream().skip(i).findFirst();
      String name = write.table().name();
      written
          .flatMap(ColumnOrigin::said)
          .ifPresent(says -> requireColumn(name, column, write.query(), says));
    }
  }

  /** Commands of other formats have their table among their values. */
  private static Optional<CatalogTable> table(LogicalPlan node) {
    return CollectionConverters.asJava(((Product) node).productIterator().toSeq()).stream()
        .map(value -> value instanceof Option<?> option ? option.getOrElse(() -> "") : value)
        .filter(CatalogTable.class::isInstance)
        .map(CatalogTable.class::cast)
        .findFirst();
  }

  private static void requireQuery(DataWritingCommand write, CatalogTable table) {
    List<String> names = CollectionConverters.asJava(write.outputColumnNames());
    for (int i = 0; i < names.size(); i++) {
      Attribute column = write.query().output().apply(i);
      for (StructField field : table.schema().fields()) {
        if (field.name().equalsIgnoreCase(names.get(i))) {
          EmbeddingProvenance.of(field)
              .ifPresent(says -> requireColumn(table.qualifiedName(), column, write.query(), says));
        }
      }
    }
  }

  private static void requireColumn(
      String table, Attribute column, LogicalPlan query, EmbeddingProvenance says) {
    requireSame(table, column.name(), says, ColumnOrigin.made(column, query, says));
  }

  private static void requireAssignments(LogicalPlan node) {
    for (Expression root : CollectionConverters.asJava(node.expressions())) {
      root.foreach(
          each -> {
            if (each instanceof Assignment assignment && each.resolved()) {
              requireAssigned(assignment.key(), assignment.value());
            } else if (each.getClass().getSimpleName().equals("DeltaMergeAction")) {
              requireMerged((Seq<?>) each.productElement(0), each.children().head(), node);
            }
            return null;
          });
    }
    if (node.getClass().getSimpleName().equals("DeltaUpdateTable")) {
      List<?> columns = CollectionConverters.asJava((Seq<?>) node.productElement(1));
      List<?> values = CollectionConverters.asJava((Seq<?>) node.productElement(2));
      for (int i = 0; i < columns.size(); i++) {
        requireAssigned((Expression) columns.get(i), (Expression) values.get(i));
      }
    }
  }

  private static void requireMerged(Seq<?> name, Expression value, LogicalPlan merge) {
    CollectionConverters.asJava(merge.children().head().output()).stream()
        .filter(column -> name.size() == 1 && column.name().equalsIgnoreCase((String) name.head()))
        .forEach(column -> requireAssigned(column, value));
  }

  private static void requireAssigned(Expression column, Expression value) {
    if (column.resolved() && value.resolved()) {
      ColumnOrigin.made(column)
          .ifPresent(
              says -> requireSame("the table", column.sql(), says, ColumnOrigin.made(value)));
    }
  }

  private static void requireSame(
      String table, String column, EmbeddingProvenance says, Optional<EmbeddingProvenance> made) {
    made.flatMap(given -> says.difference("what it has", given, "what the query gives"))
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "Cannot write embeddings to column %s of %s: %s; set what made the table, or write another table"
                      .formatted(column, table, difference));
            });
  }
}
