package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens files in the safetensors format and enforces its rules. */
final class SafetensorsFile {
  static final String FORMAT = "safetensors";

  private static final int LENGTH_BYTES = 8;
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private SafetensorsFile() {}

  /**
   * The tensors of a file.
   *
   * @param file owned by the result
   * @throws IllegalArgumentException if it breaks a rule of the format, with the reason
   */
  static WeightFile read(MappedFile file) throws IOException {
    int headerLength = headerLength(file);
    long data = LENGTH_BYTES + (long) headerLength;
    byte[] json = file.array(LENGTH_BYTES, headerLength);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (StoredTensor tensor : SafetensorsHeader.parse(json, file.size() - data)) {
      TensorInfo info = tensor.info();
      tensors.put(info.name(), StoredTensor.contiguous(info, data + tensor.position()));
    }
    return new WeightFile(file, FORMAT, tensors);
  }

  private static int headerLength(MappedFile file) throws IOException {
    long length = file.bytes(0, LENGTH_BYTES).getLong();
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "its header must have at most %d bytes, found %s"
              .formatted(MAX_HEADER_BYTES, Long.toUnsignedString(length)));
    }
    if (length > file.size() - LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "its header must end inside the file, found %d bytes in a file of %d"
              .formatted(length, file.size()));
    }
    return (int) length;
  }
}
