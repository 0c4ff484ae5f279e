package org.sparkgbert.lake;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The squared Euclidean norm of vectors, in Spark's plans. */
public final class SquaredNorm {
  private enum Elements implements VectorExpression.Function {
    FLOATS {
      @Override
      double at(ArrayData vector, int place) {
        return vector.getFloat(place);
      }
    },
    DOUBLES {
      @Override
      double at(ArrayData vector, int place) {
        return vector.getDouble(place);
      }
    };

    abstract double at(ArrayData vector, int place);

    @Override
    public DataType type() {
      return DataTypes.DoubleType;
    }

    @Override
    public boolean mayThrow() {
      return false;
    }

    @Override
    public Object of(Object vector, Object none) {
      ArrayData array = (ArrayData) vector;
      double sum = 0;
      for (int place = 0; place < array.numElements(); place++) {
        double element = at(array, place);
        sum += element * element;
      }
      return sum;
    }
  }

  private SquaredNorm() {}

  /**
   * The sum of squares: null for a null vector or element, not finite where an element is not.
   *
   * @param vector a column of arrays
   * @param element the type of their elements, float or double
   */
  public static Column of(Column vector, DataType element) {
    return VectorExpression.column(
        element.equals(DataTypes.FloatType) ? Elements.FLOATS : Elements.DOUBLES, vector);
  }
}
