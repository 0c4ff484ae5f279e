package org.sparkgbert.encode;

import java.nio.FloatBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.sparkgbert.batch.TokenMatrix;

/**
 * Lets one thread run a model for all callers, who wait in a queue. CUDA sessions grow and break
 * when the calling thread changes.
 *
 * <p><b>Ownership:</b> owns the model and the thread.
 */
final class OneThreadRunner implements BatchRunner {
  private final BatchRunner model;
  private final ExecutorService thread;

  OneThreadRunner(BatchRunner model) {
    this.model = model;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread worker = new Thread(task, "spark-gbert-gpu");
              worker.setDaemon(true);
              return worker;
            });
  }

  @Override
  public void run(TokenMatrix batch, FloatBuffer embeddings) {
    Future<?> run = thread.submit(() -> model.run(batch, embeddings));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          run.get();
          return;
        } catch (InterruptedException e) {
          // The buffers stay in use until the run ends, so wait for it and pass the signal on.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EncodingException failure
          ? failure
          : new EncodingException("Cannot encode a batch: " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public void close() {
    thread.shutdown();
    model.close();
  }
}
