package org.sparkgbert.embed;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.classic.SparkSession;
import org.sparkgbert.plan.LiftCalls;
import scala.collection.immutable.Seq;

/** What SQL knows about {@code embed_text} and its siblings. */
public final class EmbedFunction {
  private static final String ARGUMENTS =
      """

          Arguments:
            * text - a string; other types are not cast.
            * model - a constant: default, a directory that every node has, a name from --archives, or a
              Hadoop URI; without it, what spark.gbert.model says, else the default model.
              Further settings are spark.gbert.maxSeqLength, spark.gbert.device and so on.
      """;

  private final EmbedOutput output;

  private EmbedFunction(EmbedOutput output) {
    this.output = output;
  }

  /** All of them. */
  public static List<EmbedFunction> all() {
    return Arrays.stream(EmbedOutput.values()).map(EmbedFunction::new).toList();
  }

  public FunctionIdentifier identifier() {
    return new FunctionIdentifier(output.sqlName());
  }

  /** What DESCRIBE FUNCTION shows. */
  public ExpressionInfo info() {
    return new ExpressionInfo(
        EmbedText.class.getName(),
        null,
        output.sqlName(),
        "_FUNC_(text[, model]) - " + output.help(),
        ARGUMENTS,
        "",
        "",
        "string_funcs",
        "0.1.0",
        "",
        "java_udf");
  }

  /**
   * The expression of a call, with the model as the active session's configuration says now.
   *
   * @throws IllegalArgumentException if there are more or fewer than one or two arguments, the
   *     model is no constant, or a setting is wrong
   */
  public Expression build(Seq<Expression> arguments) {
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw new IllegalArgumentException(
          "Cannot call %s: it takes a text and perhaps a model, found %d arguments"
              .formatted(output.sqlName(), arguments.size()));
    }
    SparkSession session = SparkSession.active();
    LiftCalls.register(session);
    Optional<String> model =
        arguments.size() == 1 ? Optional.empty() : Optional.of(model(arguments.apply(1)));
    return EmbedCall.of(output, SessionModel.of(session, model), arguments);
  }

  private String model(Expression argument) {
    Object value = argument.foldable() ? argument.eval(null) : null;
    if (value == null) {
      throw new IllegalArgumentException(
          "Cannot call %s: the model must be a constant string, found %s"
              .formatted(output.sqlName(), argument.sql()));
    }
    return value.toString();
  }
}
