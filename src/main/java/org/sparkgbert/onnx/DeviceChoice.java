package org.sparkgbert.onnx;

/** Where the user wants the model to run. */
public enum DeviceChoice {
  /** On a GPU if a usable one exists, else on the CPU, with a note that says so. */
  AUTO,
  /** On the CPU. */
  CPU,
  /** On a GPU, or not at all. */
  CUDA
}
