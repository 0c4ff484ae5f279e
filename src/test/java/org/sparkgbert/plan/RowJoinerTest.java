package org.sparkgbert.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowJoinerTest {
  private static final DataType[] TYPES = {
    DataTypes.LongType,
    DataTypes.StringType,
    DataTypes.createDecimalType(38, 10),
    DataTypes.BooleanType,
    DataTypes.createArrayType(DataTypes.FloatType, false),
    DataTypes.CalendarIntervalType,
    DataTypes.createDecimalType(10, 2),
    DataTypes.BinaryType
  };

  private static DataType[] types(Random random, int count) {
    return Stream.generate(() -> TYPES[random.nextInt(TYPES.length)])
        .limit(count)
        .toArray(DataType[]::new);
  }

  private static Object[] values(Random random, DataType[] types) {
    return Arrays.stream(types).map(type -> value(random, type)).toArray();
  }

  /** Every third one is null. */
  private static Object value(Random random, DataType type) {
    int number = random.nextInt(1000);
    if (number % 3 == 0) {
      return null;
    }
    return switch (Arrays.asList(TYPES).indexOf(type)) {
      case 0 -> (long) number;
      case 1 -> UTF8String.fromBytes(new byte[] {'k', (byte) 0xfc, (byte) number});
      case 2 -> Decimal.apply(new java.math.BigDecimal(number + ".0123456789"), 38, 10);
      case 3 -> number % 2 == 0;
      case 4 -> UnsafeArrayData.fromPrimitiveArray(new float[number % 5]);
      case 5 -> new CalendarInterval(number, 2, 3);
      case 6 -> Decimal.apply(number, 10, 2);
      default -> new byte[number % 7];
    };
  }

  /** A row of all values, made by Spark at once, has the same columns. */
  @ParameterizedTest
  @CsvSource({"0,3", "3,0", "1,4", "60,4", "61,4", "64,4", "63,130", "128,64", "200,1", "2000,4"})
  void joinedRowsHaveTheColumnsOfBoth(int left, int right) {
    Random random = new Random(left * 31L + right);
    DataType[] first = types(random, left);
    DataType[] second = types(random, right);
    DataType[] all = Stream.of(first, second).flatMap(Arrays::stream).toArray(DataType[]::new);
    UnsafeProjection firstInBytes = UnsafeProjection.create(first);
    UnsafeProjection secondInBytes = UnsafeProjection.create(second);
    RowJoiner joiner = new RowJoiner(first, second);
    for (int row = 0; row < 20; row++) {
      Object[] a = values(random, first);
      Object[] b = values(random, second);
      UnsafeRow joined =
          joiner.join(
              firstInBytes.apply(new GenericInternalRow(a)),
              secondInBytes.apply(new GenericInternalRow(b)));
      Object[] expected = Stream.of(a, b).flatMap(Arrays::stream).toArray();
      assertThat(joined.numFields()).isEqualTo(all.length);
      for (int i = 0; i < all.length; i++) {
        assertThat(joined.isNullAt(i)).isEqualTo(expected[i] == null);
        assertThat(joined.get(i, all[i])).as(all[i].sql()).isEqualTo(expected[i]);
      }
    }
  }
}
