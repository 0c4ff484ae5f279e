package org.sparkgbert.job;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.check.CheckSettings;
import org.sparkgbert.check.CheckTable;
import org.sparkgbert.check.Findings;
import org.sparkgbert.lake.EmbeddingTable;

/** Generated corpora of short German texts, and what must be true of the tables made of them. */
final class GermanCorpus {
  /** Where the tiny model is. */
  static final String TINY = Shell.CHECKOUT.resolve("src/test/resources/tiny-bert").toString();

  private static final int SAMPLE = 200;

  private GermanCorpus() {}

  /** Writes a corpus as Parquet files: id from 0, and a text that no other row has. */
  static String write(Path directory, long rows, int files) {
    TestSpark.session()
        .range(0, rows, 1, files)
        .select(col("id"), text().as("text"))
        .write()
        .parquet(directory.toString());
    return directory.toString();
  }

  private static Column text() {
    Column[] places =
        Stream.of("Köln", "Görlitz", "Weißenfels", "Ulm", "Fürth", "Zürich", "Meißen")
            .map(functions::lit)
            .toArray(Column[]::new);
    Column index = col("id").mod(places.length).plus(1).cast("int");
    Column place = element_at(array(places), index);
    return concat(lit("Der Zug "), col("id"), lit(" nach "), place, lit(" fährt heute später."));
  }

  /**
   * Requires that a table is valid and holds each row of such a corpus once, with its own text and
   * vector.
   */
  static void assertEmbedded(String table, long rows) {
    assertValid(table, rows);
    Row found =
        rows(table)
            .select(
                functions.count("*"),
                count_distinct(col("id")),
                max("id"),
                count_if(col("text").equalTo(text())),
                count_if(col("embedding_status").equalTo("ok")))
            .first();
    assertThat(found.mkString(" ")).isEqualTo("%1$d %1$d %2$d %1$d %1$d".formatted(rows, rows - 1));
  }

  /** Requires that a check of the table finds nothing. */
  static void assertValid(String table, long rows) {
    Findings result =
        new CheckTable(new CheckSettings(table, TINY, SAMPLE))
            .run(TestSpark.session(), Progress.NONE);
    assertThat(result.lines()).isEmpty();
    assertThat(result.rows()).isEqualTo(rows);
    assertThat(result.sampled()).isEqualTo((int) Math.min(rows, SAMPLE));
  }

  /** The run that wrote a table. */
  static String runId(String table) {
    return open(table).manifest().runId();
  }

  private static org.apache.spark.sql.Dataset<Row> rows(String table) {
    return open(table).rows(TestSpark.session());
  }

  private static EmbeddingTable open(String table) {
    SparkSession spark = TestSpark.session();
    return EmbeddingTable.open(table, spark.sessionState().newHadoopConf());
  }
}
