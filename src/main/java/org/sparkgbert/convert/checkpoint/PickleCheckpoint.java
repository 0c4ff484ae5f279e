package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

/**
 * Opens {@code pytorch_model.bin}: a zip file with a pickle that describes tensors, and their
 * storages as entries of their own.
 */
final class PickleCheckpoint {
  static final String FORMAT = "PyTorch pickle";

  private PickleCheckpoint() {}

  /**
   * The tensors of a file. Nothing that its pickle names is ever run or loaded.
   *
   * @param file owned by the result
   * @throws IllegalArgumentException if it is not such a file, or contains more than tensors, with
   *     the reason
   */
  static WeightFile read(MappedFile file) throws IOException {
    TorchArchive archive = TorchArchive.open(file);
    PickleValue value = PickleReader.read(archive.pickle());
    if (!(value instanceof PickleValue.Dict state)) {
      throw new IllegalArgumentException(
          "its pickle must contain an ordered dict of tensors, found " + value.kind());
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Entry<String, PickleValue> item : state.items().entrySet()) {
      tensors.put(item.getKey(), tensor(archive, item.getKey(), item.getValue()));
    }
    return new WeightFile(file, FORMAT, tensors);
  }

  private static StoredTensor tensor(TorchArchive archive, String name, PickleValue value) {
    if (!(value instanceof PickleValue.Tensor tensor)) {
      throw new IllegalArgumentException(
          "its pickle must map %s to a tensor, found %s".formatted(Quoted.of(name), value.kind()));
    }
    TensorInfo info = new TensorInfo(name, tensor.storage().type(), tensor.shape());
    requireInside(info, tensor);
    long position = archive.storage(tensor.storage(), info) + tensor.offset() * info.type().bytes();
    return new StoredTensor(info, position, tensor.strides());
  }

  /** A tensor must not repeat elements of its storage, so that none is larger than its file. */
  private static void requireInside(TensorInfo info, PickleValue.Tensor tensor) {
    long end = end(tensor);
    long stored = tensor.storage().elements();
    if (end < 0 || end > stored || info.elements() > stored) {
      throw new IllegalArgumentException(
          "tensor %s must lie inside its storage of %d elements, found offset %d and strides %s"
              .formatted(info, stored, tensor.offset(), tensor.stridesText()));
    }
  }

  /** -1 if it exceeds 63 bits. */
  private static long end(PickleValue.Tensor tensor) {
    try {
      return Math.addExact(tensor.offset(), StoredTensor.extent(tensor.shape(), tensor.strides()));
    } catch (ArithmeticException e) {
      return -1;
    }
  }
}
