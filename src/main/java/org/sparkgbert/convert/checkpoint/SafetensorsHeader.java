package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The JSON header of a safetensors file.
 *
 * <p><b>Source:</b> the format's description in the repository huggingface/safetensors.
 *
 * @param tensors in the header's order; their positions count from the end of the header
 */
record SafetensorsHeader(List<StoredTensor> tensors) {
  private static final int MAX_TENSORS = 100_000;
  private static final String WHAT = "its header";
  private static final String METADATA = "__metadata__";

  /** A tensor's fields as far as they are read. */
  private static final class Draft {
    private final String name;
    private DataType type;
    private long[] shape;
    private long[] offsets;

    Draft(String name) {
      this.name = name;
    }

    void read(StrictJson json, String field) throws IOException {
      String what = field + " of tensor " + Quoted.of(name);
      switch (field) {
        case "dtype" -> type = type(json.text(what), what);
        case "shape" -> shape = json.integers(what, TensorInfo.MAX_AXES);
        case "data_offsets" -> offsets = json.integers(what, 2);
        default ->
            throw new IllegalArgumentException(
                "tensor %s must have dtype, shape and data_offsets only, found %s"
                    .formatted(Quoted.of(name), Quoted.of(field)));
      }
    }

    private static DataType type(String name, String what) {
      return DataType.named(name)
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "%s must be a known type, found %s".formatted(what, Quoted.of(name))));
    }

    StoredTensor finish() {
      require(type != null, "dtype", "none");
      require(shape != null, "shape", "none");
      require(offsets != null, "data_offsets", "none");
      require(offsets.length == 2, "two data_offsets", String.valueOf(offsets.length));
      TensorInfo info = new TensorInfo(name, type, shape);
      if (offsets[0] < 0 || offsets[1] < offsets[0]) {
        throw new IllegalArgumentException(
            "data_offsets of tensor %s must begin at 0 or later and not end before they begin,"
                    .formatted(Quoted.of(name))
                + " found [%d, %d]".formatted(offsets[0], offsets[1]));
      }
      if (offsets[1] - offsets[0] != info.bytes()) {
        throw new IllegalArgumentException(
            "tensor %s must take %d bytes, found data_offsets [%d, %d]"
                .formatted(info, info.bytes(), offsets[0], offsets[1]));
      }
      return StoredTensor.contiguous(info, offsets[0]);
    }

    private void require(boolean condition, String field, String found) {
      if (!condition) {
        throw new IllegalArgumentException(
            "tensor %s must have %s, found %s".formatted(Quoted.of(name), field, found));
      }
    }
  }

  /**
   * Reads a header and checks it against the length of the data behind it.
   *
   * @throws IllegalArgumentException if it breaks a rule of the format, with the reason
   */
  static SafetensorsHeader parse(byte[] json, long dataLength) throws IOException {
    List<StoredTensor> tensors = new ArrayList<>();
    StrictJson.readObject(
        json,
        WHAT,
        (parser, name) -> {
          if (name.equals(METADATA)) {
            parser.object(METADATA, (inner, key) -> inner.text(METADATA + " " + Quoted.of(key)));
          } else {
            tensors.add(tensor(parser, name, tensors.size()));
          }
        });
    checkOffsets(tensors, dataLength);
    return new SafetensorsHeader(tensors);
  }

  private static StoredTensor tensor(StrictJson json, String name, int before) throws IOException {
    if (before == MAX_TENSORS) {
      throw new IllegalArgumentException(
          "it must have at most " + MAX_TENSORS + " tensors, found more");
    }
    Draft draft = new Draft(name);
    json.object("tensor " + Quoted.of(name), draft::read);
    return draft.finish();
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
            "data of tensor %s must begin at byte %d, where the data before it ends, found %d"
                .formatted(tensor.info(), end, tensor.position()));
      }
      end = Math.addExact(end, tensor.info().bytes());
    }
    if (end != dataLength) {
      throw new IllegalArgumentException(
          "its %d tensors must take all bytes behind the header, %d, found %d"
              .formatted(tensors.size(), end, dataLength));
    }
  }
}
