package org.sparkgbert.onnx;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;

/**
 * One thread that does the work of all callers, which wait in a queue. When the calling thread
 * changes, CUDA sessions use more and more memory, or break.
 *
 * <p><b>Ownership:</b> owns the thread.
 */
final class OneThread implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          BasicThreadFactory.builder().namingPattern("spark-gbert-gpu").daemon().build());

  /**
   * Does the work and waits until it is done. A caller that is interrupted waits too, since its
   * buffers stay in use until then, and stays interrupted.
   *
   * @param what what the work does, as in "Cannot encode a batch"
   * @throws OnnxException if the work throws anything
   */
  void run(String what, Runnable work) {
    Future<?> run = thread.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          run.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof OnnxException failure
          ? failure
          : new OnnxException("Cannot " + what + ": " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
