package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.plan.WithColumns;

class EmbedTextsTest {
  /** As on a cluster where the nodes' directories hold different bundles. */
  @Test
  void anExecutorWithAnotherModelThanTheDriversIsRefused() {
    SentenceEmbedder embedder = TinyBert.embedder();
    Dataset<Row> texts = TestSpark.texts(List.of("Hallo"), 1);
    StructType schema = embedder.transformSchema(texts.schema());
    Dataset<Row> embedded =
        WithColumns.of(
            texts,
            new EmbedTexts(embedder.modelReference(), "f00d", embedder.encoderSettings(1), null),
            List.of(1),
            new StructType(Arrays.copyOfRange(schema.fields(), 2, 6)));
    assertThatThrownBy(embedded::collectAsList)
        .rootCause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("on this executor is tiny-bert (revision 1, ")
        .hasMessageContaining("expected identity f00d as on the driver");
  }
}
