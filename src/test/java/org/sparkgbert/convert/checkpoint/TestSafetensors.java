package org.sparkgbert.convert.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.StringJoiner;

/** Writes safetensors files by hand, right ones and wrong ones. */
final class TestSafetensors {
  static final String FILE = "model.safetensors";

  private final StringJoiner header = new StringJoiner(",", "{", "}");
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /** Adds an F32 tensor of one axis. */
  TestSafetensors floats(String name, float... values) {
    return floats(name, new long[] {values.length}, values);
  }

  /** Adds an F32 tensor. */
  TestSafetensors floats(String name, long[] shape, float... values) {
    ByteBuffer bytes = buffer(Float.BYTES * values.length);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return tensor(name, "F32", shape, bytes.array());
  }

  /** Adds a tensor of one axis and two bytes an element. */
  TestSafetensors shorts(String name, String type, short... values) {
    ByteBuffer bytes = buffer(Short.BYTES * values.length);
    bytes.asShortBuffer().put(values);
    return tensor(name, type, new long[] {values.length}, bytes.array());
  }

  /** Adds a tensor of any type. */
  TestSafetensors tensor(String name, String type, long[] shape, byte[] bytes) {
    int begin = data.size();
    data.writeBytes(bytes);
    return entry(
        "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
            .formatted(name, type, Arrays.toString(shape), begin, data.size()));
  }

  /** Adds text to the header, no data. */
  TestSafetensors entry(String json) {
    header.add(json);
    return this;
  }

  byte[] bytes() {
    return bytes(header.toString(), data.toByteArray());
  }

  /** A file of any header and any data, with the header's right length before it. */
  static byte[] bytes(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return buffer(Long.BYTES + json.length + data.length)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes {@code model.safetensors} into a directory and opens the directory. */
  Weights open(Path directory) {
    return open(directory, bytes());
  }

  static Weights open(Path directory, byte[] content) {
    write(directory.resolve(FILE), content);
    return WeightFiles.open(directory);
  }

  void write(Path file) {
    write(file, bytes());
  }

  static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
