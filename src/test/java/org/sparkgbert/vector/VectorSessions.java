package org.sparkgbert.vector;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.TestSpark;

/** Sessions that know the functions, and pairs of vectors. */
public final class VectorSessions {
  /** How Spark evaluates expressions. */
  enum Evaluation {
    WHOLE_STAGE,
    GENERATED,
    INTERPRETED
  }

  private static final StructType PAIRS =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("a", DataTypes.createArrayType(DataTypes.FloatType))
          .add("b", DataTypes.createArrayType(DataTypes.FloatType));

  private VectorSessions() {}

  /** A new session with the functions, beside the shared one. */
  public static SparkSession registered() {
    SparkSession session = TestSpark.compiling();
    VectorFunctions.register(session);
    return session;
  }

  public static SparkSession registered(Evaluation evaluation) {
    SparkSession session = registered();
    boolean wholeStage = evaluation == Evaluation.WHOLE_STAGE;
    boolean interpreted = evaluation == Evaluation.INTERPRETED;
    session.conf().set("spark.sql.codegen.wholeStage", wholeStage);
    session
        .conf()
        .set("spark.sql.codegen.factoryMode", interpreted ? "NO_CODEGEN" : "CODEGEN_ONLY");
    return session;
  }

  /** Pairs, numbered from 0, that Spark does not evaluate while it plans. */
  public static Dataset<Row> pairs(SparkSession session, List<Pair> pairs) {
    List<Row> rows = new ArrayList<>();
    for (Pair pair : pairs) {
      rows.add(RowFactory.create(rows.size(), pair.a(), pair.b()));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    return session.createDataFrame(context.parallelize(rows, 2), PAIRS);
  }

  /** Two vectors, either of which may be null or hold nulls. */
  public record Pair(Float[] a, Float[] b) {}

  public static Float[] vector(Float... elements) {
    return elements;
  }
}
