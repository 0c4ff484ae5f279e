package org.sparkgbert.embed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.sparkgbert.encode.EncodedText;
import org.sparkgbert.encode.EncodedWindow;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.encode.SentenceEncoder;

/**
 * Rows with embeddings as {@code float[]}, a window of rows at a time. Memory is bounded by the
 * window, whatever the length of the partition.
 */
final class EmbeddingIterator implements Iterator<Row> {
  private final Iterator<Row> input;
  private final SentenceEncoder encoder;
  private final EncoderSettings settings;
  private final int textIndex;
  private final Consumer<EmbedWork> report;
  private final long started = System.nanoTime();
  private long accounted;
  private Iterator<Row> window = Collections.emptyIterator();

  EmbeddingIterator(
      Iterator<Row> input,
      SentenceEncoder encoder,
      EncoderSettings settings,
      int textIndex,
      Consumer<EmbedWork> report) {
    this.input = input;
    this.encoder = encoder;
    this.settings = settings;
    this.textIndex = textIndex;
    this.report = report;
  }

  @Override
  public boolean hasNext() {
    if (!window.hasNext() && input.hasNext()) {
      window = nextWindow();
    }
    return window.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("The partition has no more rows");
    }
    return window.next();
  }

  private Iterator<Row> nextWindow() {
    long start = System.nanoTime();
    List<Row> rows = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    long characters = 0;
    while (rows.size() < settings.windowRows()
        && characters < settings.windowCharacters()
        && input.hasNext()) {
      Row row = input.next();
      String text = row.getString(textIndex);
      rows.add(row);
      texts.add(text);
      characters += text == null ? 0 : text.length();
    }
    long readNanos = System.nanoTime() - start;
    EncodedWindow encoded = encoder.encodeWindow(texts);
    accounted += System.nanoTime() - start;
    report.accept(
        EmbedWork.window(rows.size(), encoded.work(), readNanos, firstBatchAt(encoded.work())));
    List<Row> output = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      output.add(withEmbedding(rows.get(i), encoded.texts().get(i)));
    }
    return output.iterator();
  }

  /** Reports the time that the task spent elsewhere, to be called once at its end. */
  void close() {
    report.accept(
        EmbedWork.written(System.nanoTime() - started - accounted, System.currentTimeMillis()));
  }

  /** Of a window that has just been encoded. */
  private static long firstBatchAt(EncodingWork work) {
    long afterTokenizing = work.nanos().sum() - work.nanos().tokenize();
    return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(afterTokenizing);
  }

  private static Row withEmbedding(Row row, EncodedText text) {
    Object[] values = new Object[row.length() + 4];
    for (int i = 0; i < row.length(); i++) {
      values[i] = row.get(i);
    }
    int next = row.length();
    values[next] = text.embedding();
    values[next + 1] = text.status().label();
    values[next + 2] = text.tokens();
    values[next + 3] = text.error();
    return RowFactory.create(values);
  }
}
