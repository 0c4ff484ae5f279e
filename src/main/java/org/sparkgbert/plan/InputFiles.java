package org.sparkgbert.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockLength;
import org.apache.spark.sql.catalyst.expressions.InputFileBlockStart;
import org.apache.spark.sql.catalyst.expressions.InputFileName;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.PartialFunction;

/**
 * Asks for the file that a row comes from ({@code input_file_name()} and its siblings) below all
 * {@link ComputedCall}s: their operator reads many rows ahead, and above it the file that is being
 * read is that of another row, or none. Delta asks so which files it must write anew.
 */
final class InputFiles {
  private InputFiles() {}

  static LogicalPlan below(LogicalPlan plan) {
    return plan.transformUp(PartialFunction.fromFunction(InputFiles::carried));
  }

  private static LogicalPlan carried(LogicalPlan node) {
    List<Alias> files = files(node);
    boolean asks = node instanceof UnaryNode && !(node instanceof Command) && !files.isEmpty();
    if (!asks || !(Calls.in(node) || computes(child(node)))) {
      return node;
    }
    return put(files, child(node))
        .map(rows -> Calls.withOutputOf(node, Calls.withChild(reading(files, node), rows)))
        .orElse(node);
  }

  private static LogicalPlan child(LogicalPlan node) {
    return node.children().head();
  }

  private static boolean computes(LogicalPlan plan) {
    return plan.exists(node -> node instanceof WithColumns || Calls.in(node));
  }

  private static boolean asks(Expression each) {
    return each instanceof InputFileName
        || each instanceof InputFileBlockStart
        || each instanceof InputFileBlockLength;
  }

  /** What the node asks, each once. */
  private static List<Alias> files(LogicalPlan node) {
    List<Alias> files = new ArrayList<>();
    for (Expression root : Sequences.list(node.expressions())) {
      root.foreach(
          each -> {
            if (asks(each) && files.stream().noneMatch(file -> file.child().equals(each))) {
              files.add(Calls.alias(each, "input_file"));
            }
            return null;
          });
    }
    return files;
  }

  private static LogicalPlan reading(List<Alias> files, LogicalPlan node) {
    return Calls.rewriteExpressions(
        node,
        each ->
            files.stream()
                .filter(file -> file.child().equals(each))
                .findFirst()
                .<Expression>map(Alias::toAttribute)
                .orElse(each));
  }

  /** The rows with new columns; empty if they do not come straight from a file. */
  private static Optional<LogicalPlan> put(List<Alias> files, LogicalPlan rows) {
    if (!computes(rows)) {
      return Optional.of(with(files, Sequences.list(rows.output()), rows));
    }
    if (rows instanceof Project project) {
      List<NamedExpression> names = new ArrayList<>();
      files.forEach(file -> names.add(file.toAttribute()));
      return put(files, project.child())
          .map(child -> with(names, Sequences.list(project.projectList()), child));
    }
    return rows instanceof Filter || rows instanceof WithColumns
        ? put(files, child(rows)).map(child -> Calls.withChild(rows, child))
        : Optional.empty();
  }

  private static Project with(
      List<? extends NamedExpression> added,
      List<? extends NamedExpression> columns,
      LogicalPlan rows) {
    List<NamedExpression> all = new ArrayList<>(columns);
    all.addAll(added);
    return new Project(Sequences.of(all), rows);
  }
}
