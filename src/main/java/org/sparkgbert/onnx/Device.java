package org.sparkgbert.onnx;

/** A device that a session runs on. */
public sealed interface Device {
  /**
   * The number of tokens per batch, padding included, at which it is fastest.
   *
   * <p>On a CPU 500 were measured to be up to a tenth faster than 2,000, for models of hidden size
   * 384 and 1024 alike: what a layer computes stays in the cache, and memory stays small. A GPU
   * needs far more to be busy; its figure was not measured.
   */
  int tokenBudget();

  /**
   * The CPU.
   *
   * @param threads threads per run
   */
  record Cpu(int threads) implements Device {
    @Override
    public int tokenBudget() {
      return 512;
    }

    @Override
    public String toString() {
      return threads == 1 ? "cpu, 1 thread per run" : "cpu, " + threads + " threads per run";
    }
  }

  /**
   * A GPU.
   *
   * @param index its index among the devices that CUDA sees
   */
  record Cuda(int index) implements Device {
    @Override
    public int tokenBudget() {
      return 16_384;
    }

    @Override
    public String toString() {
      return "cuda:" + index;
    }
  }
}
