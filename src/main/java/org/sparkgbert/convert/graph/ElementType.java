package org.sparkgbert.convert.graph;

import java.nio.ByteBuffer;
import org.sparkgbert.onnx.GraphNodes;

/** How weights are stored in a graph. */
public enum ElementType {
  /** Four bytes a weight. */
  FLOAT32(GraphNodes.FLOAT, 4),
  /** Two bytes a weight, for GPUs. */
  FLOAT16(GraphNodes.FLOAT16, 2),
  /** One byte a weight, for CPUs. */
  INT8(GraphNodes.INT8, 1);

  private final int onnxType;
  private final int bytes;

  ElementType(int onnxType, int bytes) {
    this.onnxType = onnxType;
    this.bytes = bytes;
  }

  int onnxType() {
    return onnxType;
  }

  int bytes() {
    return bytes;
  }

  /**
   * Appends a value, rounded to the nearest; a float16 too large to store stays at the largest. An
   * int8 is whole already.
   */
  void put(float value, ByteBuffer target) {
    switch (this) {
      case FLOAT32 -> target.putFloat(value);
      case FLOAT16 -> target.putShort(HalfFloat.of(value));
      case INT8 -> target.put((byte) value);
    }
  }
}
