package org.sparkgbert.convert.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes float32 tensors in the safetensors format.
 *
 * <p><b>Source:</b> the format's description in the repository huggingface/safetensors.
 */
public final class SafetensorsWriter {
  private static final int BUFFER = 1 << 20;

  /** Tensors begin at a multiple of it, so that they can be mapped into memory. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a file and waits until the disk has it.
   *
   * @param file must not exist
   * @param tensors shapes by name, in the order in which they are written
   * @param values the values of a tensor, row-major; asked for one tensor at a time
   * @throws IllegalArgumentException if a tensor has another count of values
   * @throws IOException if the disk refuses
   */
  public static void write(Path file, Map<String, long[]> tensors, Function<String, float[]> values)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = header(tensors);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      drain(buffer.putLong(header.length), out);
      drain(ByteBuffer.wrap(header).position(header.length), out);
      for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
        float[] found = values.apply(tensor.getKey());
        if (found.length != elements(tensor.getValue())) {
          throw new IllegalArgumentException(
              "Cannot write tensor %s: its shape is %s, found %d values"
                  .formatted(tensor.getKey(), Arrays.toString(tensor.getValue()), found.length));
        }
        write(found, buffer, out);
      }
      drain(buffer, out);
      out.force(true);
    }
  }

  private static void write(float[] values, ByteBuffer buffer, FileChannel out) throws IOException {
    int done = 0;
    while (done < values.length) {
      int count = Math.min(values.length - done, buffer.remaining() / Float.BYTES);
      buffer.asFloatBuffer().put(values, done, count);
      buffer.position(buffer.position() + count * Float.BYTES);
      done += count;
      if (buffer.remaining() < Float.BYTES) {
        drain(buffer, out);
      }
    }
  }

  private static byte[] header(Map<String, long[]> tensors) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    // transformers reads only files that name the framework they were written for.
    header.put("__metadata__", Map.of("format", "pt"));
    long begin = 0;
    for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
      long end = begin + Float.BYTES * elements(tensor.getValue());
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", "F32");
      entry.put("shape", tensor.getValue());
      entry.put("data_offsets", new long[] {begin, end});
      header.put(tensor.getKey(), entry);
      begin = end;
    }
    String json = JsonMapper.builder().build().writeValueAsString(header);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    int padding = Math.floorMod(-bytes, ALIGNMENT);
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static long elements(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static void drain(ByteBuffer buffer, FileChannel out) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }
}
