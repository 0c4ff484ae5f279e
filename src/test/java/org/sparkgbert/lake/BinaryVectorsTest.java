package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert;

/** Vectors with a bit per element. */
class BinaryVectorsTest {
  private static final EmbeddingColumns COLUMNS = new EmbeddingColumns("embedding");

  private final SparkSession spark = TestSpark.session();

  private static float[] random(Random random, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian() * 8));
    }
    return vector;
  }

  private static List<Double> mean(float[] vector) {
    return BinaryVectors.mean(
        IntStream.range(0, vector.length).mapToDouble(i -> vector[i]).toArray());
  }

  @Test
  void theFirstElementIsTheMostSignificantBitAndTheMeanItselfIsNotAboveTheMean() {
    List<Double> mean = List.of(0.5, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0);
    float[] vector = {0.6f, 0, -0.5f, -1, 0, 0, 0, 1e-30f, 3, -1};
    assertThat(BinaryVectors.bits(vector, mean))
        .containsExactly((byte) 0b1010_0001, (byte) 0b1000_0000);
    assertThat(BinaryVectors.signs(new byte[] {(byte) 0b1010_0001, (byte) 0b1000_0000}, 10))
        .containsExactly(1, -1, 1, -1, -1, -1, -1, 1, 1, -1);
  }

  @Test
  void signsRestoredAboutAnyMeanHaveTheSameBits() {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      int dimension = 1 + random.nextInt(40);
      List<Double> mean = mean(random(random, dimension));
      byte[] bits = BinaryVectors.bits(random(random, dimension), mean);
      float[] restored = BinaryVectors.restored(BinaryVectors.signs(bits, dimension), mean);
      assertThat(BinaryVectors.bits(restored, mean)).isEqualTo(bits);
    }
  }

  @Test
  void aVectorWithoutItsMeanHasTheSignsOfItsBits() {
    Random random = new Random(6);
    for (int i = 0; i < 500; i++) {
      float[] vector = random(random, 33);
      List<Double> mean = mean(random(random, 33));
      float[] signs = BinaryVectors.signs(BinaryVectors.bits(vector, mean), 33);
      float[] centred = BinaryVectors.centred(vector, mean);
      for (int j = 0; j < signs.length; j++) {
        assertThat(centred[j] > 0).isEqualTo(signs[j] > 0);
      }
    }
  }

  @Test
  void theCosineOfSignsCountsTheBitsThatDiffer() {
    Random random = new Random(7);
    List<Double> zero = mean(new float[40]);
    byte[] one = BinaryVectors.bits(random(random, 40), zero);
    byte[] other = BinaryVectors.bits(random(random, 40), zero);
    int differ = 0;
    for (int i = 0; i < one.length; i++) {
      differ += Integer.bitCount((one[i] ^ other[i]) & 0xff);
    }
    float[] left = BinaryVectors.signs(one, 40);
    float[] right = BinaryVectors.signs(other, 40);
    double product = IntStream.range(0, 40).mapToDouble(i -> left[i] * right[i]).sum();
    assertThat(product / 40).isEqualTo(1 - 2.0 * differ / 40);
  }

  @Test
  void aMeanHasSevenDigitsAndSurvivesColumnMetadata() {
    double[] values = {1 / 3.0, -1e-9 / 7, 0, -0.0, 123456789, 1};
    List<Double> mean = BinaryVectors.mean(values);
    assertThat(mean).containsExactly(0.3333333, -1.428571e-10, 0.0, 0.0, 1.234568e8, 1.0);
    StructType schema = TinyBert.embedder().transformSchema(TestSpark.ID_AND_TEXT);
    EmbeddingProvenance made =
        EmbeddingProvenance.of(schema.apply("embedding")).orElseThrow().withBits(mean);
    assertThat(
            EmbeddingProvenance.of(
                schema
                    .apply("embedding")
                    .copy("v", schema.apply("embedding").dataType(), true, made.toMetadata())))
        .contains(made);
  }

  private Dataset<Row> rows() {
    return TinyBert.embedder()
        .transform(TestSpark.texts(Arrays.asList("Hallo Welt", null, "Ein Zug"), 1));
  }

  @Test
  void columnsGoThereAndBack() {
    List<Double> mean = mean(new float[TinyBert.DIMENSION]);
    Dataset<Row> bits = BinaryVectors.bits(rows(), COLUMNS, mean);
    assertThat(bits.schema().apply("embedding").dataType().simpleString()).isEqualTo("binary");
    assertThat(bits.columns()).isEqualTo(rows().columns());
    List<Row> stored = bits.orderBy("id").collectAsList();
    assertThat(stored.get(0).<byte[]>getAs("embedding")).hasSize(TinyBert.DIMENSION / 8);
    assertThat(stored.get(1).<Object>getAs("embedding")).isNull();
    Dataset<Row> signs = StoredVectors.asFloats("test", bits, "embedding");
    List<Row> floats = rows().orderBy("id").collectAsList();
    List<Row> read = signs.orderBy("id").collectAsList();
    for (int i = 0; i < TinyBert.DIMENSION; i++) {
      float value = floats.get(2).<Float>getList(2).get(i);
      assertThat(read.get(2).<Float>getList(2).get(i)).isEqualTo(value > 0 ? 1 : -1);
    }
    assertThat(EmbeddingProvenance.of(signs.schema().apply("embedding")).orElseThrow())
        .satisfies(made -> assertThat(made.elements()).isEqualTo(OutputPrecision.BINARY))
        .satisfies(made -> assertThat(made.mean()).isEqualTo(mean));
    List<Row> again =
        BinaryVectors.bits(BinaryVectors.restored(signs, "embedding", mean), COLUMNS, mean)
            .orderBy("id")
            .collectAsList();
    assertThat(again.get(2).<byte[]>getAs("embedding"))
        .isEqualTo(stored.get(2).<byte[]>getAs("embedding"));
  }

  @Test
  void bitsThatDoNotSayTheirMeanAreRefused() {
    Dataset<Row> foreign = spark.sql("SELECT X'A0' AS embedding");
    assertThatThrownBy(() -> StoredVectors.asFloats("search", foreign, "embedding"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot search by column 'embedding': it is binary, and does not say about which mean its bits are; of such columns only those of jobs/embed.sh --output-precision binary can be read, as they were written");
  }

  @Test
  void bitsOfAnotherLengthAreRefused() {
    Dataset<Row> bits = BinaryVectors.bits(rows(), COLUMNS, mean(new float[TinyBert.DIMENSION]));
    Dataset<Row> shortened =
        bits.withColumn("embedding", functions.substring(bits.col("embedding"), 1, 3))
            .withMetadata("embedding", bits.schema().apply("embedding").metadata());
    assertThatThrownBy(
            () -> StoredVectors.asFloats("search", shortened, "embedding").collectAsList())
        .hasMessageContaining(
            "Cannot read embeddings: a row must have 4 bytes, as 32 bits need, found 3; jobs/check.sh says more");
    List<Double> other = mean(new float[7]);
    assertThatThrownBy(() -> BinaryVectors.bits(rows(), COLUMNS, other).collectAsList())
        .hasMessageContaining("a row has 32 dimensions, and their mean has 7");
  }
}
