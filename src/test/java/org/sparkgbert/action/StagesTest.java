package org.sparkgbert.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;

class StagesTest {
  private static final String GROUP = "spark.jobGroup.id";
  private static final String DESCRIPTION = "spark.job.description";

  /** Keeps what it hears. */
  private static final class Heard implements Progress {
    private final List<String> words = new ArrayList<>();

    @Override
    public void begin(String stage) {
      words.add("begin " + stage);
    }

    @Override
    public void end() {
      words.add("end");
    }
  }

  @Test
  void jobsOfAStageHaveItsNameAndWhoWatchesHearsIt() {
    SparkSession spark = TestSpark.session();
    Heard heard = new Heard();
    try (Stages stages = Stages.of(spark, "embed", heard)) {
      assertThat(property(spark, GROUP)).isEqualTo("spark-gbert embed");
      assertThat(property(spark, DESCRIPTION)).isEqualTo("embed");
      stages.begin("read corpus");
      assertThat(property(spark, DESCRIPTION)).isEqualTo("embed: read corpus");
      stages.begin("encode texts");
      assertThat(property(spark, DESCRIPTION)).isEqualTo("embed: encode texts");
    }
    assertThat(heard.words)
        .containsExactly("begin read corpus", "end", "begin encode texts", "end");
  }

  @Test
  void whatTheCallerHadComesBack() {
    SparkSession spark = TestSpark.session();
    try (Stages outer = Stages.of(spark, "outer", Progress.NONE)) {
      outer.begin("first");
      try (Stages inner = Stages.of(spark, "inner", Progress.NONE)) {
        inner.begin("second");
      }
      assertThat(property(spark, GROUP)).isEqualTo("spark-gbert outer");
      assertThat(property(spark, DESCRIPTION)).isEqualTo("outer: first");
    }
    assertThat(property(spark, GROUP)).isNull();
    assertThat(property(spark, DESCRIPTION)).isNull();
  }

  private static String property(SparkSession spark, String name) {
    return spark.sparkContext().getLocalProperty(name);
  }
}
