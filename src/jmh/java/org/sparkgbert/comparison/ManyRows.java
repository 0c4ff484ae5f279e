package org.sparkgbert.comparison;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** A corpus of any number of short German texts, none twice, in any number of files. */
public final class ManyRows {
  private static final String[] TOPICS = {
    "Wetter",
    "Bahnverkehr",
    "Kochen",
    "Fußball",
    "Medizin",
    "Politik",
    "Musik",
    "Schule",
    "Forschung",
    "Tiere",
    "Gericht",
    "Software",
    "Urlaub"
  };

  private ManyRows() {}

  /**
   * Writes the corpus as Parquet with the columns {@code id} and {@code text}.
   *
   * @param args the directory to write; the number of rows; the number of files
   */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate()) {
      String topics = "'" + String.join("', '", TOPICS) + "'";
      spark
          .range(0, Long.parseLong(args[1]), 1, Integer.parseInt(args[2]))
          .selectExpr(
              "id",
              "concat('Meldung ', id, ' aus dem Ressort ', element_at(array(%s), CAST(id %% %d AS INT) + 1)) AS text"
                  .formatted(topics, TOPICS.length))
          .write()
          .parquet(args[0]);
    }
  }
}
