package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
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
    assertThat(Slice.cut(List.of(2_000), 8)).hasSize(8).contains(new Slice(0, 250, 500));
    assertThat(Slice.cut(List.of(100, 3), 64))
        .containsExactly(new Slice(0, 0, 100), new Slice(1, 0, 3));
    assertThat(Slice.cut(List.of(2_048, 2_048, 130), 2)).hasSize(3);
    assertThat(Slice.cut(List.of(), 8)).isEmpty();
    assertThat(Slice.cut(List.of(1_000, 777), 5).stream().mapToInt(Slice::rows).sum())
        .isEqualTo(1_777);
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
