package org.sparkgbert.sql;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.classic.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparkgbert.embed.EmbedFunction;
import org.sparkgbert.embed.EmbedTextRule;
import org.sparkgbert.plan.RefuseCalls;
import org.sparkgbert.vector.VectorFunction;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives each session of an application the SQL functions {@code embed_text}, {@code
 * embed_text_status}, {@code embed_text_error}, and that of every {@link
 * org.sparkgbert.vector.Similarity}, such as {@code vector_cosine_similarity}. Spark finds it as a
 * service in this project's jar; {@code spark.sql.extensions} may name it too.
 *
 * <p>A function that is built into this version of Spark is left alone; version 4.2 has three of
 * them built in.
 */
public final class SparkGbertExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit>
    implements SparkSessionExtensionsProvider {
  private static final Logger LOG = LoggerFactory.getLogger(SparkGbertExtensions.class);

  /** Those that have the functions, since a service may be named as well. */
  private static final Set<SparkSessionExtensions> EXTENDED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Spark goes on without a provider that fails, and hides why behind a stack trace. */
  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    try {
      if (EXTENDED.add(extensions)) {
        extend(extensions);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error(
          "Cannot add the SQL functions of spark-gbert, such as embed_text, to this session: {}",
          e.toString());
      throw e;
    }
    return BoxedUnit.UNIT;
  }

  private static void extend(SparkSessionExtensions extensions) {
    for (VectorFunction function : VectorFunction.missing()) {
      register(function.identifier(), function.info(), function::build);
    }
    for (EmbedFunction function : EmbedFunction.all()) {
      register(function.identifier(), function.info(), function::build);
    }
    extensions.injectResolutionRule(session -> new EmbedTextRule((SparkSession) session));
    extensions.injectPostHocResolutionRule(session -> new EmbedTextRule((SparkSession) session));
    extensions.injectPlannerStrategy(session -> new RefuseCalls());
  }

  /**
   * Adds a function to those that each session begins with. One that is injected into a session
   * would be temporary there, and no view of a catalog may use it.
   */
  private static void register(
      FunctionIdentifier name,
      ExpressionInfo info,
      Function1<Seq<Expression>, Expression> builder) {
    FunctionRegistry builtin = FunctionRegistry.builtin();
    if (!builtin.functionExists(name)) {
      builtin.registerFunction(name, info, builder);
    }
  }
}
