package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.ChildJvm;
import org.sparkgbert.vector.Similarity;
import org.sparkgbert.vector.VectorFunction;
import org.sparkgbert.vector.VectorFunctions;
import org.sparkgbert.vector.VectorSessions;

class SparkGbertExtensionsTest {
  /** A session that learns the functions from the setting alone, in a JVM of its own. */
  static final class Application {
    private Application() {}

    public static void main(String[] arguments) throws IOException {
      try (SparkSession session = SparkSession.builder().getOrCreate()) {
        String query = "SELECT vector_l1_distance(array(1f, 2f), array(3f, 5f))";
        System.out.println("first: " + session.sql(query).head().get(0));
        System.out.println("second: " + session.newSession().sql(query).head().get(0));
        System.out.println("embed_text: " + session.catalog().functionExists("embed_text"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "org.sparkgbert.sql.SparkGbertExtensions"})
  void theJarAloneGivesAllSessionsTheFunctions(String extensions)
      throws IOException, InterruptedException {
    Process process =
        ChildJvm.of(
                List.of(
                    "-Dspark.master=local[1]",
                    "-Dspark.app.name=extensions",
                    "-Dspark.ui.enabled=false",
                    "-Dspark.driver.bindAddress=127.0.0.1",
                    "-Dspark.driver.host=127.0.0.1",
                    "-Dspark.sql.extensions=" + extensions,
                    Application.class.getName()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("first: 5.0", "second: 5.0", "embed_text: true")
        .doesNotContain("replaced a previously registered function", "Failed to load");
  }

  @Test
  void allFourAreThere() {
    FunctionRegistry registry = extended();
    for (Similarity similarity : Similarity.values()) {
      ExpressionInfo info =
          registry.lookupFunction(new VectorFunction(similarity).identifier()).get();
      assertThat(info.getClassName()).isEqualTo("org.sparkgbert.vector.VectorSimilarity");
    }
  }

  @Test
  void aFunctionOfSparkItselfIsLeftAlone() {
    VectorFunction function = new VectorFunction(Similarity.DOT);
    ExpressionInfo own = new ExpressionInfo("org.apache.spark.Own", "vector_inner_product");
    FunctionRegistry.builtin()
        .registerFunction(
            function.identifier(), own, arguments -> new Literal(7, DataTypes.IntegerType));
    try {
      FunctionRegistry registry = extended();
      assertThat(registry.lookupFunction(function.identifier()).get()).isSameAs(own);
      SparkSession session = VectorSessions.registered();
      assertThat(session.sql("SELECT vector_inner_product(1)").head().get(0)).isEqualTo(7);
      assertThat(session.sql("SELECT vector_l1_distance(array(1f), array(3f))").head().get(0))
          .isEqualTo(2f);
    } finally {
      FunctionRegistry.builtin().dropFunction(function.identifier());
      extended();
    }
  }

  @Test
  void registeringTwiceChangesNothing() {
    SparkSession session = VectorSessions.registered();
    VectorFunctions.register(session);
    assertThat(session.sql("SELECT vector_l2_distance(array(0f, 0f), array(3f, 4f))").head().get(0))
        .isEqualTo(5f);
  }

  /** What a session begins with. */
  private static FunctionRegistry extended() {
    SparkSessionExtensions extensions = new SparkSessionExtensions();
    new SparkGbertExtensions().apply(extensions);
    return extensions.registerFunctions(FunctionRegistry.builtin().clone());
  }
}
