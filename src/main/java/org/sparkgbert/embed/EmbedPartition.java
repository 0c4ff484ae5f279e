package org.sparkgbert.embed;

import java.util.Iterator;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;

/**
 * Adds embedding columns to the rows of a partition; the number and order of rows stay the same.
 */
final class EmbedPartition implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final ModelReference model;
  private final EncoderSettings settings;
  private final int textIndex;
  private final EmbedTally tally;

  /**
   * @param textIndex position of the text's column
   * @param tally sums the work; null if not needed
   */
  EmbedPartition(ModelReference model, EncoderSettings settings, int textIndex, EmbedTally tally) {
    this.model = model;
    this.settings = settings;
    this.textIndex = textIndex;
    this.tally = tally;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    EncoderSettings here = settings.withDevice(TaskGpu.assign(settings.device()));
    SentenceEncoder encoder = ExecutorEncoders.shared(model, here);
    report(EmbedWork.by(use(encoder)));
    EmbeddingIterator embedded =
        new EmbeddingIterator(rows, encoder, here, textIndex, this::report);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> embedded.close());
    return embedded;
  }

  private void report(EmbedWork work) {
    if (tally != null) {
      tally.add(work);
    }
  }

  private static ExecutorUse use(SentenceEncoder encoder) {
    SparkEnv env = SparkEnv.get();
    return new ExecutorUse(
        env.executorId(),
        env.blockManager().blockManagerId().host(),
        encoder.device().toString(),
        encoder.deviceNote(),
        ExecutorEncoders.count());
  }
}
