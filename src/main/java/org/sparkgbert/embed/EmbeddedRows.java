package org.sparkgbert.embed;

import java.util.List;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders.ArrayEncoder;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders.EncoderField;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders.PrimitiveFloatEncoder$;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders.RowEncoder;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How rows with embeddings cross into Spark. It is {@code Encoders.row(schema)} except for the
 * embedding, which is a {@code float[]} in the row and copied as a block: {@code Encoders.row}
 * takes a Scala sequence and checks and converts it element by element.
 */
final class EmbeddedRows {
  private EmbeddedRows() {}

  /**
   * Makes the encoder.
   *
   * @param schema columns of the rows
   * @param embedding column whose values are {@code float[]} or null
   */
  static Encoder<Row> encoder(StructType schema, String embedding) {
    RowEncoder rows =
        (RowEncoder) org.apache.spark.sql.catalyst.encoders.RowEncoder.encoderFor(schema);
    List<EncoderField> fields =
        CollectionConverters.asJava(rows.fields()).stream()
            .map(field -> field.name().equals(embedding) ? asBlock(field) : field)
            .toList();
    return new RowEncoder(CollectionConverters.asScala(fields).toSeq());
  }

  private static EncoderField asBlock(EncoderField field) {
    return new EncoderField(
        field.name(),
        new ArrayEncoder<>(PrimitiveFloatEncoder$.MODULE$, false),
        field.nullable(),
        field.metadata(),
        field.readMethod(),
        field.writeMethod());
  }
}
