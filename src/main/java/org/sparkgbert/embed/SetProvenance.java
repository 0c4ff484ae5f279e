package org.sparkgbert.embed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SetOperation;
import org.apache.spark.sql.catalyst.plans.logical.UnionBase;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.ProvenanceKeys;
import org.sparkgbert.plan.Sequences;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What {@code UNION} and its siblings say about what made their columns. Spark takes what the first
 * query says.
 */
final class SetProvenance {
  private SetProvenance() {}

  /**
   * The node, and its columns that others replace. Where a query says nothing, neither does a
   * union. Rows of {@code INTERSECT} and {@code EXCEPT} are those of the first query.
   *
   * @throws IllegalArgumentException if two queries say that their vectors cannot be compared
   */
  static Tuple2<LogicalPlan, Seq<Tuple2<Attribute, Attribute>>> in(LogicalPlan node) {
    boolean sets = node instanceof UnionBase || node instanceof SetOperation;
    if (!sets || !node.resolved()) {
      return unchanged(node);
    }
    List<Integer> unknown = new ArrayList<>();
    for (int i = 0; i < node.output().size(); i++) {
      requireComparable(node, i);
      if (node instanceof UnionBase && isUnknown(node, i)) {
        unknown.add(i);
      }
    }
    return unknown.isEmpty() ? unchanged(node) : without(node, unknown);
  }

  private static Tuple2<LogicalPlan, Seq<Tuple2<Attribute, Attribute>>> unchanged(
      LogicalPlan node) {
    return new Tuple2<>(node, Sequences.of(List.of()));
  }

  private static List<Attribute> columns(LogicalPlan node, int index) {
    return CollectionConverters.asJava(node.children()).stream()
        .map(child -> child.output().apply(index))
        .toList();
  }

  private static void requireComparable(LogicalPlan node, int index) {
    List<Attribute> columns = columns(node, index);
    Optional<EmbeddingProvenance> first = Optional.empty();
    String where = "";
    for (int i = 0; i < columns.size(); i++) {
      Optional<EmbeddingProvenance> made = ColumnOrigin.said(columns.get(i));
      String here = "%s of query %d".formatted(columns.get(i).name(), i + 1);
      if (made.isPresent() && first.isPresent()) {
        first
            .get()
            .requireComparable(
                "plan %s of embeddings".formatted(node.nodeName()),
                where,
                made.get(),
                here,
                "give queries of one run");
      } else if (made.isPresent()) {
        first = made;
        where = here;
      }
    }
  }

  /** Whether only the first query says something. */
  private static boolean isUnknown(LogicalPlan node, int index) {
    List<Attribute> columns = columns(node, index);
    if (!ProvenanceKeys.in(columns.get(0).metadata())) {
      return false;
    }
    for (int i = 1; i < columns.size(); i++) {
      boolean says = ProvenanceKeys.sameKeys(columns.get(0).metadata(), columns.get(i).metadata());
      if (!says && !ColumnOrigin.isNull(columns.get(i), node.children().apply(i))) {
        return true;
      }
    }
    return false;
  }

  private static Tuple2<LogicalPlan, Seq<Tuple2<Attribute, Attribute>>> without(
      LogicalPlan node, List<Integer> unknown) {
    LogicalPlan first = node.children().head();
    List<NamedExpression> columns = new ArrayList<>();
    for (int i = 0; i < first.output().size(); i++) {
      Attribute column = first.output().apply(i);
      columns.add(unknown.contains(i) ? silent(column) : column);
    }
    List<LogicalPlan> children = new ArrayList<>(CollectionConverters.asJava(node.children()));
    children.set(0, new Project(Sequences.of(columns), first));
    LogicalPlan changed = node.withNewChildren(Sequences.of(children));
    List<Tuple2<Attribute, Attribute>> replaced = new ArrayList<>();
    for (int i : unknown) {
      replaced.add(new Tuple2<>(node.output().apply(i), changed.output().apply(i)));
    }
    return new Tuple2<>(changed, Sequences.of(replaced));
  }

  private static Alias silent(Attribute column) {
    return new Alias(
        column,
        column.name(),
        NamedExpression.newExprId(),
        column.qualifier(),
        Option.apply(ProvenanceKeys.silent(column.metadata())),
        Sequences.of(List.of()));
  }
}
