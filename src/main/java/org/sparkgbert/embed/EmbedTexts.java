package org.sparkgbert.embed;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.plan.ColumnFunction;
import org.sparkgbert.plan.PartitionColumns;
import org.sparkgbert.settings.Labels;

/**
 * Computes the embedding columns of a column of texts.
 *
 * @param model where the model is
 * @param identity what the model must be on every executor; see {@link Bundle#identity}
 * @param tally sums the work; null if not needed. Two tallies are never equal: tables that count
 *     for different ones are computed for each.
 */
record EmbedTexts(ModelReference model, String identity, EncoderSettings settings, EmbedTally tally)
    implements ColumnFunction {

  @Override
  public String operator() {
    return "EmbedTexts";
  }

  @Override
  public Map<String, SQLMetric> metrics(SparkContext context) {
    return EmbedMetrics.create(context);
  }

  @Override
  public PartitionColumns begin(int[] inputs, Map<String, SQLMetric> metrics) {
    EncoderSettings here = settings.withDevice(TaskGpu.assign(settings.device()));
    SentenceEncoder encoder = ExecutorEncoders.shared(model, here);
    requireSameModel(encoder.bundle());
    Consumer<EmbedWork> report = tally == null ? work -> {} : tally::add;
    report.accept(EmbedWork.by(use(encoder)));
    return new EmbedPartition(encoder, here, inputs[0], new EmbedMetrics(metrics), report);
  }

  /** A directory on each node may hold another model there than the driver's. */
  private void requireSameModel(Bundle found) {
    if (!found.identity().equals(identity)) {
      throw new IllegalArgumentException(
          "Cannot embed: the model in %s on this executor is %s with identity %s, expected identity %s as on the driver; put the same bundle on every node"
              .formatted(found.directory(), found, found.identity(), identity));
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

  @Override
  public String toString() {
    return "model %s (identity %.12s), max-seq-length %d, long-text %s%s%s, device %s"
        .formatted(
            model.location(),
            identity,
            settings.maxSeqLength(),
            settings.longText(),
            settings.normalize() ? ", normalize" : "",
            settings.dimensions() > 0 ? ", dimensions " + settings.dimensions() : "",
            Labels.of(settings.device().choice()));
  }
}
