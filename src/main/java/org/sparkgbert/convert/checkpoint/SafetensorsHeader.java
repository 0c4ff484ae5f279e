package org.sparkgbert.convert.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file.
 *
 * <p><b>Source:</b> the format's description in the repository huggingface/safetensors.
 */
final class SafetensorsHeader {
  private static final int MAX_TENSORS = 100_000;
  private static final String METADATA = "__metadata__";

  private SafetensorsHeader() {}

  /**
   * Reads a header and checks it against the length of the data after it.
   *
   * @return the tensors in the header's order; their positions count from the end of the header
   * @throws IllegalArgumentException if it breaks a rule of the format, with the reason
   */
  static List<StoredTensor> parse(byte[] json, long dataLength) throws IOException {
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : StrictJson.read(json, "its header")) {
      if (field.getKey().equals(METADATA)) {
        checkMetadata(field.getValue());
      } else if (tensors.size() == MAX_TENSORS) {
        throw new IllegalArgumentException(
            "it must have at most " + MAX_TENSORS + " tensors, found more");
      } else {
        tensors.add(tensor(field.getKey(), field.getValue()));
      }
    }
    checkOffsets(tensors, dataLength);
    return tensors;
  }

  private static void checkMetadata(JsonNode metadata) {
    for (Map.Entry<String, JsonNode> field : StrictJson.fields(metadata, METADATA)) {
      StrictJson.text(field.getValue(), METADATA + " " + Quoted.of(field.getKey()));
    }
  }

  private static StoredTensor tensor(String name, JsonNode json) {
    DataType type = null;
    long[] shape = null;
    long[] offsets = null;
    for (Map.Entry<String, JsonNode> field : StrictJson.fields(json, "tensor " + Quoted.of(name))) {
      String what = field.getKey() + " of tensor " + Quoted.of(name);
      switch (field.getKey()) {
        case "dtype" -> type = type(StrictJson.text(field.getValue(), what), what);
        case "shape" -> shape = StrictJson.integers(field.getValue(), what, TensorInfo.MAX_AXES);
        case "data_offsets" -> offsets = StrictJson.integers(field.getValue(), what, 2);
        default ->
            throw mustHave(name, "dtype, shape and data_offsets only", Quoted.of(field.getKey()));
      }
    }
    if (type == null || shape == null || offsets == null) {
      throw mustHave(
          name, type == null ? "dtype" : shape == null ? "shape" : "data_offsets", "none");
    }
    return tensor(new TensorInfo(name, type, shape), offsets);
  }

  private static DataType type(String name, String what) {
    return DataType.named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be a known type, found %s".formatted(what, Quoted.of(name))));
  }

  private static StoredTensor tensor(TensorInfo info, long[] offsets) {
    if (offsets.length != 2) {
      throw mustHave(info.name(), "two data_offsets", String.valueOf(offsets.length));
    }
    if (offsets[0] < 0 || offsets[1] < offsets[0]) {
      throw new IllegalArgumentException(
          "data_offsets of tensor %s must not begin below 0 or end before they begin,"
                  .formatted(Quoted.of(info.name()))
              + " found [%d, %d]".formatted(offsets[0], offsets[1]));
    }
    if (offsets[1] - offsets[0] != info.bytes()) {
      throw new IllegalArgumentException(
          "tensor %s must take %d bytes, found data_offsets [%d, %d]"
              .formatted(info, info.bytes(), offsets[0], offsets[1]));
    }
    return StoredTensor.contiguous(info, offsets[0]);
  }

  private static IllegalArgumentException mustHave(String tensor, String fields, String found) {
    return new IllegalArgumentException(
        "tensor %s must have %s, found %s".formatted(Quoted.of(tensor), fields, found));
  }

  private static void checkOffsets(List<StoredTensor> tensors, long dataLength) {
    List<StoredTensor> byPosition = new ArrayList<>(tensors);
    byPosition.sort(
        Comparator.comparingLong(StoredTensor::position)
            .thenComparingLong(tensor -> tensor.info().bytes()));
    long end = 0;
    for (StoredTensor tensor : byPosition) {
      if (tensor.position() != end) {
        throw new IllegalArgumentException(
            "data of tensor %s must begin at byte %d, where the preceding data ends, found %d"
                .formatted(tensor.info(), end, tensor.position()));
      }
      end = Math.addExact(end, tensor.info().bytes());
    }
    if (end != dataLength) {
      throw new IllegalArgumentException(
          "its %d tensors take %d bytes, which must be all bytes after the header, found %d"
              .formatted(tensors.size(), end, dataLength));
    }
  }
}
