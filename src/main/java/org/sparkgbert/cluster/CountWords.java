package org.sparkgbert.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.cluster.GermanWords.Word;
import org.sparkgbert.tokenize.TextCleaner;

/** Counts the words of each text: rows of cluster and text in, one row per spelling out. */
final class CountWords
    implements MapPartitionsFunction<Row, Row>, FlatMapFunction<Iterator<Row>, Row> {
  private static final long serialVersionUID = 1L;

  /**
   * {@code lower} is whether the spelling is in lower case (Spark's function for that is slow to
   * start), {@code count} how often the spelling occurs in the text, {@code usual} how often at a
   * place where it may be the usual one, {@code texts} 1 for one spelling of each stem and 0 for
   * its others.
   */
  static final StructType SCHEMA =
      new StructType()
          .add("cluster", DataTypes.IntegerType, false)
          .add("stem", DataTypes.StringType, false)
          .add("form", DataTypes.StringType, false)
          .add("lower", DataTypes.BooleanType, false)
          .add("count", DataTypes.LongType, false)
          .add("usual", DataTypes.LongType, false)
          .add("texts", DataTypes.LongType, false);

  private final TextCleaner cleaner;

  CountWords(TextCleaner cleaner) {
    this.cleaner = cleaner;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    GermanWords words = new GermanWords();
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
        .flatMap(row -> count(row.getInt(0), row.getString(1), words))
        .iterator();
  }

  private Stream<Row> count(int cluster, String text, GermanWords words) {
    Map<String, Spelling> spellings = new LinkedHashMap<>();
    words.split(
        cleaner.clean(text).text(),
        word -> spellings.merge(word.form(), Spelling.of(word), Spelling::plus));
    Set<String> stems = new HashSet<>();
    List<Row> counted = new ArrayList<>(spellings.size());
    spellings.forEach(
        (form, of) ->
            counted.add(
                RowFactory.create(
                    cluster,
                    of.stem,
                    form,
                    form.equals(form.toLowerCase(Locale.ROOT)),
                    of.count,
                    of.usual,
                    stems.add(of.stem) ? 1L : 0L)));
    return counted.stream();
  }

  private record Spelling(String stem, long count, long usual) {
    static Spelling of(Word word) {
      return new Spelling(word.stem(), 1, word.usual() ? 1 : 0);
    }

    Spelling plus(Spelling other) {
      return new Spelling(stem, count + other.count, usual + other.usual);
    }
  }
}
