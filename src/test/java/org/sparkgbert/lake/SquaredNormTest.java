package org.sparkgbert.lake;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;

class SquaredNormTest {
  private static final StructType FLOATS =
      new StructType().add("vector", DataTypes.createArrayType(DataTypes.FloatType));

  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      Float[] vector = new Float[i];
      Arrays.setAll(vector, d -> (float) random.nextGaussian());
      rows.add(row(vector));
    }
    rows.add(row((Float[]) null));
    rows.add(row(1f, null));
    rows.add(row(Float.NaN, 1f));
    rows.add(row(Float.NEGATIVE_INFINITY));
    rows.add(row(Float.MAX_VALUE, Float.MIN_VALUE, -0f));
    return rows;
  }

  private static Row row(Float... vector) {
    return RowFactory.create((Object) vector);
  }

  @ParameterizedTest
  @ValueSource(strings = {"array<float>", "array<double>"})
  void aNormIsThatOfSparksOwnFunctionsToTheLastBit(String type) {
    Dataset<Row> table =
        TestSpark.session()
            .createDataFrame(rows(), FLOATS)
            .select(col("vector").cast(type).as("vector"));
    ArrayType vectors = (ArrayType) table.schema().apply("vector").dataType();
    Column expected =
        aggregate(
            col("vector"),
            lit(0.0),
            (sum, value) -> sum.plus(value.cast("double").multiply(value.cast("double"))));
    List<Row> found =
        table
            .select(SquaredNorm.of(col("vector"), vectors.elementType()), expected)
            .collectAsList();
    assertThat(found)
        .hasSize(25)
        .allMatch(row -> row.get(0) == null || row.get(0).equals(row.get(1)));
    assertThat(found)
        .filteredOn(row -> row.isNullAt(0))
        .hasSize(2)
        .allMatch(row -> row.isNullAt(1));
    assertThat(found.get(24).getDouble(0)).isFinite().isPositive();
  }
}
