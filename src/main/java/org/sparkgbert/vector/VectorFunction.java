package org.sparkgbert.vector;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.errors.QueryCompilationErrors;
import org.sparkgbert.plan.Sequences;
import scala.collection.immutable.Seq;

/** What SQL knows about a measure: its name, its help, and how a call becomes an expression. */
public record VectorFunction(Similarity similarity) {
  private static final String ARGUMENTS =
      """

          Arguments:
            * left, right - vectors of the same dimension, as array<float>; other types are not cast.
              The result is null if one of them is null or holds a null.
      """;

  /** Those that this version of Spark lacks. */
  public static List<VectorFunction> missing() {
    return Arrays.stream(Similarity.values())
        .map(VectorFunction::new)
        .filter(VectorFunction::isMissing)
        .toList();
  }

  /** Ours may have been added to those of Spark. */
  private boolean isMissing() {
    var builtin = FunctionRegistry.builtin().lookupFunction(identifier());
    return builtin.isEmpty()
        || builtin.get().getClassName().equals(VectorSimilarity.class.getName());
  }

  public FunctionIdentifier identifier() {
    return new FunctionIdentifier(similarity.sqlName());
  }

  /** What DESCRIBE FUNCTION shows. */
  public ExpressionInfo info() {
    return new ExpressionInfo(
        VectorSimilarity.class.getName(),
        null,
        similarity.sqlName(),
        "_FUNC_(left, right) - " + similarity.help(),
        ARGUMENTS,
        examples(),
        "",
        "array_funcs",
        "0.1.0",
        "",
        "java_udf");
  }

  private String examples() {
    return """

            Examples:
              > SELECT _FUNC_(array(1.0F, 2.0F, 2.0F), array(2.0F, 2.0F, 1.0F));
               %s
        """
        .formatted((float) similarity.value(new float[] {1, 2, 2}, new float[] {2, 2, 1}));
  }

  /** The expression of a call. */
  public Expression build(Seq<Expression> arguments) {
    if (arguments.size() != 2) {
      throw VectorFunction.<RuntimeException>unchecked(wrongCount(arguments.size()));
    }
    return new VectorSimilarity(similarity, arguments.apply(0), arguments.apply(1));
  }

  private Throwable wrongCount(int found) {
    Seq<Object> right = Sequences.of(List.of(2));
    return QueryCompilationErrors.wrongNumArgsError(similarity.sqlName(), right, found, "", "", "");
  }

  /** Spark's analysis error is a checked exception, but its functions declare none. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E unchecked(Throwable error) throws E {
    throw (E) error;
  }
}
