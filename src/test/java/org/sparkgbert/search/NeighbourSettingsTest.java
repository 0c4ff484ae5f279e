package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.sparkgbert.vector.Similarity;

class NeighbourSettingsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType))
          .add("RANK", DataTypes.StringType)
          .add("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));

  @Test
  void valuesOutOfRangeAreRefused() {
    assertWrong(
        () -> settings().similarity(Similarity.EUCLIDEAN).build(),
        "the similarity must be cosine_similarity or dot_product, not a distance,"
            + " found euclidean_distance");
    assertWrong(
        () -> settings().minScore(Float.NaN).build(),
        "the minimum score must be a finite number, found NaN");
    assertOutOfRange(() -> settings().topK(0).build(), "--top-k must be at least 1, found 0");
    assertOutOfRange(
        () -> settings().blockRows(0).build(), "--block-rows must be at least 1, found 0");
    assertOutOfRange(
        () -> settings().blockRows(16_385).build(),
        "--block-rows must be at most 16384, found 16385");
  }

  private static void assertOutOfRange(ThrowingCallable making, String reason) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot run: " + reason);
  }

  @Test
  void columnsThatAreMissingOrOfAWrongTypeAreRefused() {
    assertThatThrownBy(
            () -> NeighbourColumns.of(SCHEMA, settings().carriedColumns("title").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot find partners by column 'title': there is no such column,"
                + " found [id, embedding, RANK, map]");
    assertThatThrownBy(
            () -> NeighbourColumns.of(SCHEMA, settings().columns("map", "embedding").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot find partners by column 'map': ids must have an order,"
                + " found map<string,string>");
    assertThatThrownBy(() -> NeighbourColumns.of(SCHEMA, settings().columns("id", "RANK").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find partners by column 'RANK': it must be array<float>, found string");
  }

  @Test
  void columnsThatWouldStandTwiceAreRefused() {
    assertWrong(
        () -> NeighbourColumns.of(SCHEMA, settings().carriedColumns("RANK").build()),
        "the result's columns must differ in name, found 'RANK' twice");
    assertWrong(
        () -> NeighbourColumns.of(SCHEMA, settings().carriedColumns("id").build()),
        "the result's columns must differ in name, found 'id' twice");
  }

  @Test
  void slicesKeepAllCoresBusyAndCoverEveryRowOnce() {
    assertThat(Slice.cut(2_000, 8, 10_000)).hasSize(8).contains(new Slice(250, 500));
    assertThat(Slice.cut(100, 64, 100)).containsExactly(new Slice(0, 50), new Slice(50, 100));
    assertThat(Slice.cut(1_000, 2, 300)).hasSize(4).allMatch(slice -> slice.rows() == 250);
    assertThat(Slice.cut(0, 8, 1)).isEmpty();
    assertThat(Slice.cut(1_777, 5, 100).stream().mapToInt(Slice::rows).sum()).isEqualTo(1_777);
    assertThat(Slice.cut(Integer.MAX_VALUE, 3, Integer.MAX_VALUE))
        .hasSize(3)
        .allMatch(slice -> slice.rows() > 700_000_000);
  }

  @Test
  void theLeastScoreIsThatOfFloats() {
    for (float least : new float[] {0.3f, 1, 0, -0f, -2.5f, Float.MIN_VALUE, -Float.MAX_VALUE}) {
      double floor = settings().minScore(least).build().floor();
      assertThat((float) floor).isGreaterThanOrEqualTo(least);
      assertThat((float) Math.nextDown(floor)).isLessThan(least);
    }
    assertThat(settings().build().floor()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  private static SettingsBuilder settings() {
    return new SettingsBuilder();
  }

  private static void assertWrong(Runnable making, String reason) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find partners: " + reason);
  }
}
