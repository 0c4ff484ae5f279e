package org.sparkgbert.encode;

/** A device that a session runs on. */
public sealed interface Device {
  /**
   * The CPU.
   *
   * @param threads threads of one run
   */
  record Cpu(int threads) implements Device {
    @Override
    public String toString() {
      return threads == 1 ? "cpu, 1 thread a run" : "cpu, " + threads + " threads a run";
    }
  }

  /**
   * A GPU.
   *
   * @param index its index among the devices that CUDA sees
   */
  record Cuda(int index) implements Device {
    @Override
    public String toString() {
      return "cuda:" + index;
    }
  }
}
