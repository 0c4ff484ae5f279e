package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;

/** Vectors with a byte per element. */
class Int8VectorsTest {
  private static final EmbeddingColumns COLUMNS = new EmbeddingColumns("v");

  private final SparkSession spark = TestSpark.session();

  private static float[] random(Random random, int dimension) {
    float[] vector = new float[dimension];
    double size = Math.exp(random.nextDouble() * 60 - 40);
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (random.nextGaussian() * size);
    }
    return vector;
  }

  @Test
  void theLargestElementIs127AndHalvesGoToEvenNumbers() {
    float[] vector = {12.7f, -12.7f, 0.05f, 0.15f, 0.25f, -0.15f, 0, 6.35f};
    assertThat(Int8Vectors.scale(vector)).isCloseTo(0.1f, within(1e-8f));
    float[] halves = {127, -127, 0.5f, 1.5f, 2.5f, -1.5f, 0, 63.5f};
    assertThat(Int8Vectors.scale(halves)).isEqualTo(1);
    assertThat(Int8Vectors.rounded(halves)).containsExactly(127, -127, 0, 2, 2, -2, 0, 64);
  }

  @Test
  void anElementMovesByHalfAStepAtMost() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      float[] vector = random(random, 1 + random.nextInt(64));
      float scale = Int8Vectors.scale(vector);
      float[] floats = Int8Vectors.floats(Int8Vectors.rounded(vector), scale);
      for (int j = 0; j < vector.length; j++) {
        assertThat(Math.abs(floats[j] - (double) vector[j])).isLessThanOrEqualTo(0.50001 * scale);
      }
    }
  }

  @Test
  void whatWasRoundedRoundsToItself() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      float[] vector = random(random, 3);
      float scale = Int8Vectors.scale(vector);
      byte[] rounded = Int8Vectors.rounded(vector);
      float[] floats = Int8Vectors.floats(rounded, scale);
      assertThat(Int8Vectors.scale(floats)).isEqualTo(scale);
      assertThat(Int8Vectors.rounded(floats)).isEqualTo(rounded);
      float largest =
          Math.max(Math.max(Math.abs(vector[0]), Math.abs(vector[1])), Math.abs(vector[2]));
      assertThat(Math.abs(scale - largest / 127)).isLessThanOrEqualTo(Math.ulp(scale));
    }
  }

  @Test
  void aZeroVectorHasTheScaleZeroAndStaysZero() {
    assertThat(Int8Vectors.scale(new float[3])).isZero();
    assertThat(Int8Vectors.rounded(new float[3])).containsOnly(0);
    assertThat(Int8Vectors.floats(new byte[3], 0)).containsOnly(0);
  }

  private Dataset<Row> rows() {
    return spark.sql(
        "SELECT * FROM VALUES (1, array(1F, -2F)), (2, NULL), (3, array(0F, 0F)) AS t(id, v)");
  }

  @Test
  void columnsGoThereAndBack() {
    Dataset<Row> rounded = Int8Vectors.rounded(rows(), COLUMNS);
    assertThat(rounded.schema().simpleString())
        .isEqualTo("struct<id:int,v:array<tinyint>,v_scale:float>");
    List<Row> stored = rounded.orderBy("id").collectAsList();
    assertThat(stored.get(0).getList(1)).isEqualTo(Arrays.asList((byte) 64, (byte) -127));
    assertThat(stored.get(0).getFloat(2)).isCloseTo(2 / 127F, within(1e-8F));
    assertThat(stored.get(1).isNullAt(1)).isTrue();
    assertThat(stored.get(1).isNullAt(2)).isTrue();
    List<Row> floats = StoredVectors.asFloats("test", rounded, "v").orderBy("id").collectAsList();
    assertThat(floats.get(0).<Float>getList(1).get(1)).isCloseTo(-2, within(1e-6F));
    assertThat(floats.get(1).isNullAt(1)).isTrue();
    assertThat(floats.get(2).getList(1)).isEqualTo(Arrays.asList(0F, 0F));
  }

  @Test
  void otherColumnsStayAsTheyAre() {
    assertThat(StoredVectors.asFloats("test", rows(), "v").schema()).isEqualTo(rows().schema());
    assertThat(StoredVectors.asFloats("test", rows(), "w").schema()).isEqualTo(rows().schema());
  }

  @Test
  void bytesWithoutTheirScaleAreRefused() {
    Dataset<Row> bytes = Int8Vectors.rounded(rows(), COLUMNS).drop("v_scale");
    assertThatThrownBy(() -> StoredVectors.asFloats("search", bytes, "v"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot search by column 'v': it is array<tinyint>, and there is no float column"
                + " 'v_scale' with the scale of each vector; without it, bytes may have a range per"
                + " dimension, and no similarity of theirs is right");
    Dataset<Row> some =
        Int8Vectors.rounded(rows(), COLUMNS).selectExpr("v", "IF(id = 1, NULL, v_scale) v_scale");
    assertThatThrownBy(() -> StoredVectors.asFloats("search", some, "v").collectAsList())
        .hasMessageContaining("Cannot read embeddings: a row has bytes and no scale");
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    Dataset<Row> taken = rows().selectExpr("*", "1 AS V_Scale");
    assertThatThrownBy(() -> Int8Vectors.rounded(taken, COLUMNS))
        .hasMessage(
            "Cannot add column v_scale: the input already has one; choose another name for the"
                + " embedding column");
  }
}
