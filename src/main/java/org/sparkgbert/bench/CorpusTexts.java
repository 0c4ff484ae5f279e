package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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
  private final CorpusSample sample;
  private int next;

  private CorpusTexts(List<CountedText> texts, CorpusSample sample) {
    this.texts = texts;
    this.sample = sample;
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
    List<ParquetFile> files = new ArrayList<>(ParquetFiles.readFooters(List.of(input), hadoop));
    files.sort(Comparator.comparing(ParquetFile::path));
    Reading reading = new Reading(input, column, count, most);
    files.forEach(file -> reading.add(new Path(file.path()), hadoop));
    if (reading.distinct.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot measure: %s has no text in its column %s".formatted(input, column));
    }
    long rows = files.stream().mapToLong(ParquetFile::rows).sum();
    return new CorpusTexts(
        List.copyOf(reading.distinct),
        new CorpusSample(rows, reading.rows, reading.withText, reading.tokens));
  }

  /** What has been read so far. */
  private static final class Reading {
    private final String input;
    private final String column;
    private final ToIntFunction<String> count;
    private final int most;
    private final Set<CountedText> distinct = new LinkedHashSet<>();
    private long rows;
    private long withText;
    private long tokens;

    Reading(String input, String column, ToIntFunction<String> count, int most) {
      this.input = input;
      this.column = column;
      this.count = count;
      this.most = most;
    }

    /** Reads a file, as far as texts are wanted. */
    void add(Path file, Configuration hadoop) {
      if (distinct.size() == most) {
        return;
      }
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), file).withConf(hadoop).build()) {
        Group row = reader.read();
        while (row != null) {
          add(text(row, column, input));
          row = distinct.size() < most ? reader.read() : null;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
      }
    }

    private void add(String text) {
      rows++;
      int found = text == null ? 0 : count.applyAsInt(text);
      if (found > 0) {
        withText++;
        tokens += found;
        distinct.add(new CountedText(text, found));
      }
    }
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

  @Override
  public Optional<CorpusSample> sample() {
    return Optional.of(sample);
  }
}
