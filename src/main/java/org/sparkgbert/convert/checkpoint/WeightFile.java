package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** The tensors of one file. */
final class WeightFile implements Weights {
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

  /** A tensor's bytes as stored, at most 2 GB, contiguous as safetensors has them. */
  ByteBuffer bytes(String name) throws IOException {
    StoredTensor tensor = tensor(name);
    return file.bytes(tensor.position(), tensor.info().bytes());
  }

  private StoredTensor weight(String name) {
    StoredTensor tensor = tensor(name);
    if (!tensor.info().type().isWeight()) {
      throw new IllegalArgumentException(
          "Cannot read tensor %s from %s: weights must be F32, F16, BF16 or F64, found %s"
              .formatted(Quoted.of(name), file.path(), tensor.info().type()));
    }
    return tensor;
  }

  @Override
  public float[] floats(String name) {
    weight(name);
    return Weights.super.floats(name);
  }

  @Override
  public Path source() {
    return file.path();
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
