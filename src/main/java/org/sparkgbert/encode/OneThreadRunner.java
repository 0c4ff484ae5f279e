package org.sparkgbert.encode;

import java.nio.FloatBuffer;
import org.sparkgbert.batch.TokenMatrix;

/**
 * Lets one thread run a model for all callers, who wait in a queue.
 *
 * <p><b>Ownership:</b> owns the model and the thread.
 */
final class OneThreadRunner implements BatchRunner {
  private final BatchRunner model;
  private final OneThread thread = new OneThread();

  OneThreadRunner(BatchRunner model) {
    this.model = model;
  }

  @Override
  public void run(TokenMatrix batch, FloatBuffer embeddings) {
    thread.run("encode a batch", () -> model.run(batch, embeddings));
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public void close() {
    thread.close();
    model.close();
  }
}
