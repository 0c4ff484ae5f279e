package org.sparkgbert.train.torch;

import ai.djl.engine.EngineException;
import java.util.regex.Pattern;

/**
 * PyTorch could not be loaded, could not run, or ran out of memory; the message names what it ran,
 * its shape, the reason and what to change, in one line.
 */
public final class TorchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How PyTorch's allocators of a CPU and of a GPU say it. */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("not enough memory|out of memory|can't allocate memory");

  /** With a message in one line and its cause. */
  TorchException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * What the engine reports about a piece of work.
   *
   * @param work what it was to do, such as {@code train}
   * @param size shape of what it had to hold
   */
  static TorchException of(String work, String size, EngineException cause) {
    String reason = Torch.reason(cause);
    boolean full = OUT_OF_MEMORY.matcher(reason).find();
    return new TorchException(
        full
            ? "Cannot %s: PyTorch has no memory left for %s; lower the batch size (accumulate batches instead) or the maximum number of tokens, freeze layers, or train LoRA matrices; found %s"
                .formatted(work, size, reason)
            : "Cannot %s with %s: PyTorch failed, found %s".formatted(work, size, reason),
        cause);
  }
}
