package org.sparkgbert.embed;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.types.UTF8String;
import org.sparkgbert.encode.EncodedText;
import org.sparkgbert.encode.EncodedWindow;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.plan.PartitionColumns;

/** The embedding columns of a partition, a window of texts at a time. */
final class EmbedPartition implements PartitionColumns {
  private final SentenceEncoder encoder;
  private final EncoderSettings settings;
  private final int textIndex;
  private final EmbedMetrics metrics;
  private final Consumer<EmbedWork> report;
  private final long started = System.nanoTime();
  private final List<String> texts = new ArrayList<>();
  private long characters;
  private long accounted;

  /**
   * @param textIndex position of the text's column
   * @param report is told about the work
   */
  EmbedPartition(
      SentenceEncoder encoder,
      EncoderSettings settings,
      int textIndex,
      EmbedMetrics metrics,
      Consumer<EmbedWork> report) {
    this.encoder = encoder;
    this.settings = settings;
    this.textIndex = textIndex;
    this.metrics = metrics;
    this.report = report;
  }

  @Override
  public boolean add(InternalRow row) {
    String text = row.isNullAt(textIndex) ? null : row.getUTF8String(textIndex).toString();
    texts.add(text);
    characters += text == null ? 0 : text.length();
    return texts.size() < settings.windowRows() && characters < settings.windowCharacters();
  }

  @Override
  public Iterator<InternalRow> compute(long readNanos) {
    long start = System.nanoTime();
    Reported done = new Reported();
    EncodedWindow encoded = encoder.encodeWindow(texts, done::upTo);
    accounted += readNanos + System.nanoTime() - start;
    report.accept(
        EmbedWork.window(
            texts.size() - done.rows, encoded.work(), readNanos, firstBatchAt(encoded.work())));
    metrics.add(encoded, readNanos);
    texts.clear();
    characters = 0;
    return encoded.texts().stream().map(EmbedPartition::columns).iterator();
  }

  /** Rows of the current window that have been reported, after each batch. */
  private final class Reported {
    private int rows;

    private void upTo(int done) {
      report.accept(EmbedWork.rows(done - rows));
      rows = done;
    }
  }

  /** Of a window that has just been encoded. */
  private static long firstBatchAt(EncodingWork work) {
    long afterTokenizing = work.nanos().sum() - work.nanos().tokenize();
    return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(afterTokenizing);
  }

  private static InternalRow columns(EncodedText text) {
    return new GenericInternalRow(
        new Object[] {
          text.embedding() == null ? null : UnsafeArrayData.fromPrimitiveArray(text.embedding()),
          UTF8String.fromString(text.status().label()),
          text.tokens(),
          UTF8String.fromString(text.error())
        });
  }

  /** Reports the time that the task spent elsewhere. */
  @Override
  public void close() {
    report.accept(
        EmbedWork.written(System.nanoTime() - started - accounted, System.currentTimeMillis()));
  }
}
