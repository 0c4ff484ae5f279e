package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.vector.Similarity;

class AllPairsSettingsTest {
  private static final AllPairsSettings SETTINGS =
      AllPairsSettings.of("id", "embedding", DeviceSettings.cpu(1));

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType))
          .add("RANK", DataTypes.StringType)
          .add("map", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType));

  @Test
  void valuesOutOfRangeAreRefused() {
    assertWrong(
        () -> SETTINGS.withSimilarity(Similarity.EUCLIDEAN),
        "the similarity must be cosine_similarity or dot_product, not a distance,"
            + " found euclidean_distance");
    assertWrong(() -> SETTINGS.withTopK(0), "top-k must be positive, found 0");
    assertWrong(
        () -> SETTINGS.withMinScore(Float.NaN),
        "the minimum score must be a finite number, found NaN");
    assertWrong(() -> SETTINGS.withBlockRows(0), "rows per block must be from 1 to 16384, found 0");
    assertWrong(
        () -> SETTINGS.withBlockRows(16_385),
        "rows per block must be from 1 to 16384, found 16385");
  }

  @Test
  void columnsThatAreMissingOrOfAWrongTypeAreRefused() {
    assertThatThrownBy(
            () -> PartnerColumns.of(SCHEMA, SETTINGS.withCarriedColumns(List.of("title"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot find partners by column 'title': there is no such column,"
                + " found [id, embedding, RANK, map]");
    assertThatThrownBy(() -> PartnerColumns.of(SCHEMA, settings("map", "embedding")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot find partners by column 'map': ids must have an order,"
                + " found map<string,string>");
    assertThatThrownBy(() -> PartnerColumns.of(SCHEMA, settings("id", "RANK")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find partners by column 'RANK': it must be array<float>, found string");
  }

  @Test
  void columnsThatWouldStandTwiceAreRefused() {
    assertWrong(
        () -> PartnerColumns.of(SCHEMA, SETTINGS.withCarriedColumns(List.of("RANK"))),
        "the result's columns must differ in name, found 'RANK' twice");
    assertWrong(
        () -> PartnerColumns.of(SCHEMA, SETTINGS.withCarriedColumns(List.of("id"))),
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

  private static AllPairsSettings settings(String id, String embedding) {
    return AllPairsSettings.of(id, embedding, DeviceSettings.cpu(1));
  }

  private static void assertWrong(Runnable making, String reason) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot find partners: " + reason);
  }
}
