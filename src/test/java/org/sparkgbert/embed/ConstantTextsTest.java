package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;

class ConstantTextsTest {
  @Test
  void aConstantIsEncodedOnceOnTheDriver() {
    SparkSession session = TestSpark.session().newSession();
    session.conf().set("spark.gbert.model", TinyBert.directory().toString());
    session.conf().set("spark.gbert.device", "cpu");
    long before = ConstantTexts.encodings();
    Dataset<Row> query =
        session.sql(
            "SELECT embed_text('Wärmepumpe'), embed_text(concat('Wärme', 'pumpe')) FROM range(100)"
                + " WHERE embed_text_status('Wärmepumpe') = 'ok'"
                + " AND size((SELECT embed_text('Wärmepumpe'))) = 32"
                + " AND id IN (SELECT size(v) FROM VALUES (embed_text('Wärmepumpe')) AS t(v))");
    query.explain();
    assertThat(query.collectAsList()).hasSize(1);
    assertThat(query.collectAsList()).hasSize(1);
    assertThat(ConstantTexts.encodings() - before).isOne();
  }
}
