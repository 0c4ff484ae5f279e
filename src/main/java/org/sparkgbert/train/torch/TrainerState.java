package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The form in which a training is kept: what it is, the number of its steps, and weight, mean and
 * variance of each trained tensor as little-endian floats, all under a checksum.
 */
final class TrainerState {
  private static final String MAGIC = "spark-gbert training 1";

  private final Map<String, String> training;
  private final List<TrainedTensor> tensors;

  /**
   * @param training what must be the same when the training is resumed, in words
   * @param tensors the tensors that are written, or overwritten
   */
  TrainerState(Map<String, String> training, List<TrainedTensor> tensors) {
    this.training = training;
    this.tensors = tensors;
  }

  void write(OutputStream out, long steps) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32C());
    DataOutputStream data = new DataOutputStream(checked);
    data.writeUTF(MAGIC);
    for (Map.Entry<String, String> each : training.entrySet()) {
      data.writeUTF(each.getKey());
      data.writeUTF(each.getValue());
    }
    data.writeLong(steps);
    for (TrainedTensor tensor : tensors) {
      data.writeUTF(tensor.name());
      for (NDArray array : tensor.state()) {
        write(data, array);
      }
    }
    data.writeLong(checked.getChecksum().getValue());
    data.flush();
  }

  /**
   * Overwrites the tensors; returns the number of steps.
   *
   * @throws IllegalArgumentException if the state is damaged or of another training
   */
  long read(InputStream in) throws IOException {
    CheckedInputStream checked = new CheckedInputStream(in, new CRC32C());
    DataInputStream data = new DataInputStream(checked);
    try {
      require("format", MAGIC, data.readUTF());
      for (Map.Entry<String, String> each : training.entrySet()) {
        require("list of settings", each.getKey(), data.readUTF());
        require(each.getKey(), each.getValue(), data.readUTF());
      }
      long steps = data.readLong();
      readTensors(data);
      long expected = checked.getChecksum().getValue();
      require("checksum", "" + expected, "" + data.readLong());
      return steps;
    } catch (EOFException | java.io.UTFDataFormatException e) {
      throw new IllegalArgumentException(
          "Cannot resume training: its state must be complete, found the end of a damaged one", e);
    }
  }

  private void readTensors(DataInputStream data) throws IOException {
    for (TrainedTensor tensor : tensors) {
      require("tensor", tensor.name(), data.readUTF());
      for (NDArray array : tensor.state()) {
        read(data, array);
      }
    }
  }

  private static void require(String what, String expected, String found) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "Cannot resume training: the %s of its state must be %s, found %s"
              .formatted(what, expected, found));
    }
  }

  private static void write(DataOutputStream out, NDArray array) throws IOException {
    long size = array.size();
    float[] values = new float[(int) Math.min(NativeTensors.BLOCK, size)];
    ByteBuffer bytes = newBytes(values.length);
    for (long start = 0; start < size; start += values.length) {
      int count = (int) Math.min(values.length, size - start);
      NativeTensors.readBlock(array, start, values, 0, count);
      bytes.clear().asFloatBuffer().put(values, 0, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
    }
  }

  private static void read(DataInputStream in, NDArray array) throws IOException {
    long size = array.size();
    for (long start = 0; start < size; start += NativeTensors.BLOCK) {
      float[] values = new float[(int) Math.min(NativeTensors.BLOCK, size - start)];
      ByteBuffer bytes = newBytes(values.length);
      in.readFully(bytes.array());
      bytes.asFloatBuffer().get(values);
      NativeTensors.writeBlock(array, start, values);
    }
  }

  private static ByteBuffer newBytes(int floats) {
    return ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
