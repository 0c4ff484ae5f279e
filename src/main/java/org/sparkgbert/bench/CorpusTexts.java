package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;

/**
 * The distinct texts of a Parquet corpus that have tokens, in order.
 *
 * <p><b>Ownership:</b> reads all requested texts into memory and keeps no file open.
 */
final class CorpusTexts implements TextSource {
  private final List<CountedText> texts;
  private int next;

  private CorpusTexts(List<CountedText> texts) {
    this.texts = texts;
  }

  /**
   * Reads the first texts.
   *
   * @param input file, directory or glob
   * @param count counts the tokens of a text that go through the model
   * @param most maximum number of texts
   * @throws IllegalArgumentException if the corpus or the column does not exist, or has no text
   */
  static CorpusTexts read(String input, String column, ToIntFunction<String> count, int most) {
    Configuration hadoop = new Configuration();
    Set<String> seen = new HashSet<>();
    List<CountedText> texts = new ArrayList<>();
    List<ParquetFile> files = new ArrayList<>(ParquetFiles.readFooters(List.of(input), hadoop));
    files.sort(Comparator.comparing(ParquetFile::path));
    for (ParquetFile file : files) {
      try (ParquetReader<Group> rows =
          ParquetReader.builder(new GroupReadSupport(), new Path(file.path()))
              .withConf(hadoop)
              .build()) {
        for (Group row = rows.read(); row != null && texts.size() < most; row = rows.read()) {
          String text = text(row, column, input);
          int tokens = text == null ? 0 : count.applyAsInt(text);
          if (tokens > 0 && seen.add(text)) {
            texts.add(new CountedText(text, tokens));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file.path() + ": " + e.getMessage(), e);
      }
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot measure: %s has no text in its column %s".formatted(input, column));
    }
    return new CorpusTexts(texts);
  }

  /**
   * How many rows a corpus has, by the footers of its files.
   *
   * @param input file, directory or glob
   */
  static long rows(String input) {
    return ParquetFiles.readFooters(List.of(input), new Configuration()).stream()
        .mapToLong(ParquetFile::rows)
        .sum();
  }

  /** The text of a row, null if it has none. */
  private static String text(Group row, String column, String input) {
    if (!row.getType().containsField(column)
        || !row.getType().getType(column).isPrimitive()
        || row.getType().getType(column).asPrimitiveType().getPrimitiveTypeName()
            != PrimitiveTypeName.BINARY) {
      throw new IllegalArgumentException(
          "Cannot measure: %s needs a string column %s, found %s"
              .formatted(
                  input, column, row.getType().getFields().stream().map(Type::getName).toList()));
    }
    return row.getFieldRepetitionCount(column) == 0 ? null : row.getString(column, 0);
  }

  @Override
  public List<CountedText> take(int count) {
    int from = next;
    next = Math.min(texts.size(), from + count);
    return texts.subList(from, next);
  }
}
