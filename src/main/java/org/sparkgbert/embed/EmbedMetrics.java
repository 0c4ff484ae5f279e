package org.sparkgbert.embed;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.encode.EncodedText;
import org.sparkgbert.encode.EncodedWindow;
import org.sparkgbert.encode.EncodingWork;

/**
 * What Spark's UI shows of embedding, on its page of a query.
 *
 * @param byKey the operator's metrics, as {@link #create} made them
 */
record EmbedMetrics(Map<String, SQLMetric> byKey) {
  /** Spark's own key for the number of rows. */
  static final String ROWS = "numOutputRows";

  static final String DISTINCT = "distinctTexts";
  static final String FAILED = "failedTexts";
  static final String TOKENS = "tokens";
  static final String PADDED_TOKENS = "paddedTokens";
  static final String BATCHES = "batches";
  static final String READ = "readTime";
  static final String TOKENIZE = "tokenizeTime";
  static final String RUN = "runTime";

  static Map<String, SQLMetric> create(SparkContext context) {
    Map<String, SQLMetric> metrics = new LinkedHashMap<>();
    metrics.put(ROWS, SQLMetrics.createMetric(context, "number of output rows"));
    metrics.put(DISTINCT, SQLMetrics.createMetric(context, "texts encoded"));
    metrics.put(FAILED, SQLMetrics.createMetric(context, "texts failed"));
    metrics.put(TOKENS, SQLMetrics.createMetric(context, "tokens"));
    metrics.put(PADDED_TOKENS, SQLMetrics.createMetric(context, "tokens with padding"));
    metrics.put(BATCHES, SQLMetrics.createMetric(context, "batches"));
    metrics.put(READ, nanos(context, "time waiting for rows"));
    metrics.put(TOKENIZE, nanos(context, "time in the tokenizer"));
    metrics.put(RUN, nanos(context, "time in ONNX Runtime"));
    return metrics;
  }

  private static SQLMetric nanos(SparkContext context, String name) {
    return SQLMetrics.createNanoTimingMetric(
        context, name, SQLMetrics.createNanoTimingMetric$default$3());
  }

  /** Adds a window's work. */
  void add(EncodedWindow window, long readNanos) {
    EncodingWork work = window.work();
    byKey.get(ROWS).add(work.texts());
    byKey.get(DISTINCT).add(encoded(window));
    byKey.get(FAILED).add(failed(window));
    byKey.get(TOKENS).add(work.tokens());
    byKey.get(PADDED_TOKENS).add(work.paddedTokens());
    byKey.get(BATCHES).add(work.batches());
    byKey.get(READ).add(readNanos);
    byKey.get(TOKENIZE).add(work.nanos().tokenize());
    byKey.get(RUN).add(work.nanos().run());
  }

  /** Equal texts share one result; null and blank ones are not encoded. */
  private static long encoded(EncodedWindow window) {
    Set<EncodedText> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
    window.texts().stream()
        .filter(text -> text.status() != EmbeddingStatus.EMPTY)
        .forEach(distinct::add);
    return distinct.size();
  }

  private static long failed(EncodedWindow window) {
    return window.texts().stream().filter(text -> text.status() == EmbeddingStatus.FAILED).count();
  }
}
