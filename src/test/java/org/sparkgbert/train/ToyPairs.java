package org.sparkgbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.TestSpark;

/** Pairs that are easy to learn: sentences of two kinds of made-up words. */
final class ToyPairs {
  private static final List<List<String>> KINDS =
      List.of(
          List.of("ba", "bö", "bu", "bä", "dago", "düba"),
          List.of("ta", "tö", "tu", "tä", "ragu", "rüta"));

  private static final StructType SCHEMA =
      new StructType()
          .add("sentence1", DataTypes.StringType)
          .add("sentence2", DataTypes.StringType)
          .add("score", DataTypes.DoubleType);

  private ToyPairs() {}

  /** Rows with 5 for sentences of one kind, 0 for others. */
  static List<Row> rows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(2);
      boolean same = i % 2 == 0;
      rows.add(
          RowFactory.create(
              sentence(kind, random), sentence(same ? kind : 1 - kind, random), same ? 5.0 : 0.0));
    }
    return rows;
  }

  private static String sentence(int kind, SplittableRandom random) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 3 + random.nextInt(3); i++) {
      words.add(KINDS.get(kind).get(random.nextInt(KINDS.get(kind).size())));
    }
    return String.join(" ", words);
  }

  /** Writes rows as Parquet; returns the path. */
  static String write(Path table, List<Row> rows) {
    TestSpark.session()
        .createDataFrame(rows, SCHEMA)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(table.toString());
    return table.toString();
  }
}
