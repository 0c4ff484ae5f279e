package org.sparkgbert.onnx;

/** Where the user wants the model to run. */
public enum DeviceChoice {
  /** On a GPU where a usable one is, else on the CPU, which is then said. */
  AUTO,
  /** On the CPU. */
  CPU,
  /** On a GPU, or not at all. */
  CUDA
}
