package org.sparkgbert.enrich;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.lake.OwnExpression;
import org.sparkgbert.plan.Sequences;
import scala.collection.immutable.IndexedSeq;

/**
 * Tells rows apart whatever their types, maps included: 16 bytes of SHA-256 over the bytes in which
 * Spark holds a row. It is compared within a run and never stored.
 */
@SuppressWarnings("serial")
public final class RowDigest extends OwnExpression {
  private static final long serialVersionUID = 1L;

  private final Expression row;

  private RowDigest(Expression row) {
    super(Sequences.of(List.of(row)));
    this.row = row;
  }

  /** The digests of rows of some columns, {@code binary}. */
  public static Column of(Column... columns) {
    return ExpressionUtils.column(
        new RowDigest(ExpressionUtils.expression(functions.struct(columns))));
  }

  /** Digests rows of a type; each thread has its own buffer. */
  public static final class Digester implements Serializable {
    private static final long serialVersionUID = 1L;

    private final StructType type;
    private transient ThreadLocal<UnsafeProjection> projections;

    Digester(StructType type) {
      this.type = type;
    }

    /** The digest of a row. */
    public byte[] of(InternalRow row) {
      UnsafeRow bytes = row instanceof UnsafeRow unsafe ? unsafe : projection().apply(row);
      return ShortHash.of(bytes.getBytes());
    }

    private synchronized UnsafeProjection projection() {
      if (projections == null) {
        projections = ThreadLocal.withInitial(() -> UnsafeProjection.create(type));
      }
      return projections.get();
    }
  }

  private Digester digester() {
    return new Digester((StructType) row.dataType());
  }

  @Override
  public DataType dataType() {
    return DataTypes.BinaryType;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public Object eval(InternalRow input) {
    return digester().of((InternalRow) row.eval(input));
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return new Invoke(
            new Literal(digester(), new ObjectType(Digester.class)),
            "of",
            dataType(),
            children(),
            Sequences.of(List.of()),
            true,
            false,
            true)
        .doGenCode(context, code);
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> replaced) {
    return new RowDigest(replaced.apply(0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowDigest that && row.equals(that.row);
  }

  @Override
  public int hashCode() {
    return Objects.hash("RowDigest", row);
  }
}
