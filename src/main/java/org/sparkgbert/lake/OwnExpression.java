package org.sparkgbert.lake;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;

/**
 * An expression of this project, for Spark's plans: what Spark asks of every node of a tree, of
 * which its own get theirs from Scala. A class says itself when two of it are equal.
 */
public abstract class OwnExpression extends Expression implements Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // Spark's expressions are, and so is their sequence
  private final Seq<Expression> children;

  protected OwnExpression(Seq<Expression> children) {
    this.children = children;
  }

  @Override
  public final Seq<Expression> children() {
    return children;
  }

  @Override
  public final int productArity() {
    return children.size();
  }

  @Override
  public final Object productElement(int index) {
    return children.apply(index);
  }

  @Override
  public final boolean canEqual(Object other) {
    return getClass().isInstance(other);
  }
}
