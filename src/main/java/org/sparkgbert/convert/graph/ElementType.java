package org.sparkgbert.convert.graph;

import java.nio.ByteBuffer;
import org.sparkgbert.onnx.GraphNodes;

/** How weights are stored in a graph. */
public enum ElementType {
  /** Four bytes per weight. */
  FLOAT32(GraphNodes.FLOAT, 4),
  /** Two bytes per weight, for GPUs. */
  FLOAT16(GraphNodes.FLOAT16, 2),
  /** One byte per weight, for CPUs. */
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
   * Appends a value, rounded to the nearest; a value too large for float16 becomes the largest
   * float16. An int8 value is already an integer.
   */
  void put(float value, ByteBuffer target) {
    switch (this) {
      case FLOAT32 -> target.putFloat(value);
      case FLOAT16 -> target.putShort(HalfFloat.of(value));
      case INT8 -> target.put((byte) value);
    }
  }
}
