package org.sparkgbert.enrich;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.lake.KeepOld;
import org.sparkgbert.lake.TableTarget;
import org.sparkgbert.lake.WriteMode;

class MirrorColumnsTest {
  private final SparkSession spark = TestSpark.session();

  @Test
  void aColumnThatMustNotBeNullAndWouldHaveNoValuesIsRefused() {
    MirrorColumns columns =
        new MirrorColumns(
            List.of("id"),
            List.of(),
            new EnrichedColumns(new EmbeddingColumns("embedding")),
            StructType.fromDDL("id BIGINT"));
    TableTarget table =
        new TableTarget(
            "lake.db.articles", "iceberg", WriteMode.OVERWRITE, KeepOld.NEXT_RUN, List.of(), 0);
    CurrentTable current =
        new CurrentTable(
            null,
            spark.createDataFrame(
                List.of(), StructType.fromDDL("id BIGINT NOT NULL, owner STRING NOT NULL")));
    assertThatThrownBy(() -> columns.requireWritable(spark, table, Optional.of(current)))
        .hasMessage(
            "Cannot enrich table lake.db.articles: its column 'owner' must not be null, and the corpus has no such column; add it there, or change the table by ALTER TABLE ... ALTER COLUMN owner DROP NOT NULL");
  }
}
