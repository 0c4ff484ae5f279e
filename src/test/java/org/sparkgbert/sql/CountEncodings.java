package org.sparkgbert.sql;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/** Counts texts that tasks encode, from the operator's metrics; repeated work counts again. */
final class CountEncodings extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final AtomicLong texts = new AtomicLong();

  CountEncodings(SparkSession session) {
    context = session.sparkContext();
    context.addSparkListener(this);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    for (AccumulableInfo info :
        CollectionConverters.asJava(end.taskInfo().accumulables().toSeq())) {
      if (info.name().contains("texts encoded") && info.update().get() instanceof Long count) {
        texts.addAndGet(count);
      }
    }
  }

  /** Since the last call. */
  long take() {
    try {
      context.listenerBus().waitUntilEmpty(60_000);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
    return texts.getAndSet(0);
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }
}
