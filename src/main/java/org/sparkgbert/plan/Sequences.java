package org.sparkgbert.plan;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Between Java's lists and Scala's sequences. */
public final class Sequences {
  private Sequences() {}

  /** A sequence of these values. */
  public static <T> Seq<T> of(List<? extends T> values) {
    return CollectionConverters.asScala(List.<T>copyOf(values)).toSeq();
  }

  static <T> List<T> list(Seq<T> values) {
    return CollectionConverters.asJava(values);
  }

  /** Those of the first, then those of the second. */
  static Seq<Attribute> concat(Seq<Attribute> first, Seq<Attribute> second) {
    return of(Stream.concat(list(first).stream(), list(second).stream()).toList());
  }

  static AttributeSet set(Seq<Attribute> columns) {
    return AttributeSet.apply(Sequences.of(list(columns)));
  }

  static DataType[] types(Seq<Attribute> columns) {
    return list(columns).stream().map(Attribute::dataType).toArray(DataType[]::new);
  }
}
