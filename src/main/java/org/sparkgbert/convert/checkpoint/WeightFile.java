package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** The tensors of one file. */
final class WeightFile implements Weights {
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final MappedFile file;
  private final String format;
  private final Map<String, StoredTensor> tensors;

  /**
   * @param file owned from now on
   * @param format for display
   * @param tensors by name, in the file's order; owned
   */
  WeightFile(MappedFile file, String format, Map<String, StoredTensor> tensors) {
    this.file = file;
    this.format = format;
    this.tensors = tensors;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    return tensor(name).info();
  }

  private StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw SimilarNames.missing(name, file.path(), tensors.keySet());
    }
    return tensor;
  }

  @Override
  public void forEachBlock(String name, FloatBlock block) {
    StoredTensor tensor = weight(name);
    try {
      tensor.forEachBlock(file, block);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read tensor %s from %s: %s".formatted(Quoted.of(name), file.path(), e), e);
    }
  }

  private StoredTensor weight(String name) {
    StoredTensor tensor = tensor(name);
    if (!tensor.info().type().isWeight()) {
      throw new IllegalArgumentException(
          "Cannot read tensor %s from %s: weights must be F32, F16 or BF16, found %s"
              .formatted(Quoted.of(name), file.path(), tensor.info().type()));
    }
    return tensor;
  }

  @Override
  public float[] floats(String name) {
    TensorInfo info = weight(name).info();
    if (info.elements() > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "Cannot read tensor %s into one array: it must have at most %d elements, found %s"
              .formatted(Quoted.of(name), LONGEST_ARRAY, info.shapeText()));
    }
    float[] floats = new float[(int) info.elements()];
    int[] filled = {0};
    forEachBlock(
        name,
        (values, count) -> {
          System.arraycopy(values, 0, floats, filled[0], count);
          filled[0] += count;
        });
    return floats;
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public void close() {
    file.close();
  }
}
