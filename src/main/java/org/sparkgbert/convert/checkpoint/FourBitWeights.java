package org.sparkgbert.convert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a safetensors file whose matrices have 4 bits per weight. A row of a matrix is cut
 * into blocks of 32 weights; a block has a scale d and 32 numbers q from 0 to 15, and a weight is
 * {@code (q - 8) * d}. Matrix {@code NAME} of shape {@code [rows, columns]} is stored as two
 * tensors:
 *
 * <ul>
 *   <li>{@code NAME.q4}, U8 {@code [rows, columns / 2]}: 16 bytes per block; byte i has number i in
 *       its low half and number i + 16 in its high half
 *   <li>{@code NAME.q4_scale}, F16 {@code [rows, columns / 32]}: one scale per block
 * </ul>
 *
 * <p>All other tensors are read as they are.
 */
final class FourBitWeights implements Weights {
  static final String FILE = "model.q4.safetensors";

  private static final String NUMBERS = ".q4";
  private static final String SCALES = ".q4_scale";
  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = BLOCK / 2;
  private static final int ZERO = 8;

  private final WeightFile stored;
  private final Map<String, TensorInfo> infos;

  private FourBitWeights(WeightFile stored, Map<String, TensorInfo> infos) {
    this.stored = stored;
    this.infos = infos;
  }

  /**
   * The tensors of a file.
   *
   * @param file owned by the result
   * @throws IllegalArgumentException if it breaks a rule of safetensors, or a matrix lacks one of
   *     its two tensors or has one of another type or shape, with the reason
   */
  static FourBitWeights read(MappedFile file) throws IOException {
    WeightFile stored = SafetensorsFile.read(file);
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    for (String name : stored.names()) {
      if (name.endsWith(SCALES)) {
        requireTensor(stored, withoutEnd(name, SCALES) + NUMBERS, name);
        continue;
      }
      TensorInfo info = name.endsWith(NUMBERS) ? matrix(stored, name) : stored.info(name);
      if (infos.putIfAbsent(info.name(), info) != null) {
        throw new IllegalArgumentException(
            "tensor %s must be there once, found it with 4 bits and without"
                .formatted(Quoted.of(info.name())));
      }
    }
    return new FourBitWeights(stored, infos);
  }

  private static String withoutEnd(String name, String end) {
    return name.substring(0, name.length() - end.length());
  }

  private static void requireTensor(WeightFile stored, String needed, String by) {
    if (!stored.names().contains(needed)) {
      throw new IllegalArgumentException(
          "tensor %s needs %s, found none".formatted(Quoted.of(by), Quoted.of(needed)));
    }
  }

  private static TensorInfo matrix(WeightFile stored, String name) {
    String matrix = withoutEnd(name, NUMBERS);
    TensorInfo numbers = stored.info(name);
    long[] shape = numbers.shape();
    if (numbers.type() != DataType.U8
        || shape.length != 2
        || shape[1] % BLOCK_BYTES != 0
        || numbers.bytes() > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "tensor %s must be U8 with two axes, the second a multiple of %d, and at most 1 GB,"
                  .formatted(Quoted.of(name), BLOCK_BYTES)
              + " found "
              + numbers);
    }
    requireTensor(stored, matrix + SCALES, name);
    TensorInfo expected =
        new TensorInfo(
            matrix + SCALES, DataType.F16, new long[] {shape[0], shape[1] / BLOCK_BYTES});
    TensorInfo scales = stored.info(matrix + SCALES);
    if (!scales.equals(expected)) {
      throw new IllegalArgumentException(
          "tensor %s must be %s %s, found %s"
              .formatted(
                  Quoted.of(expected.name()), expected.type(), expected.shapeText(), scales));
    }
    return new TensorInfo(matrix, DataType.F32, new long[] {shape[0], 2 * shape[1]});
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(infos.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    TensorInfo info = infos.get(name);
    if (info == null) {
      throw SimilarNames.missing(name, source(), infos.keySet());
    }
    return info;
  }

  private boolean hasFourBits(String name) {
    return stored.names().contains(info(name).name() + NUMBERS);
  }

  @Override
  public void forEachBlock(String name, FloatBlock block) {
    if (!hasFourBits(name)) {
      stored.forEachBlock(name, block);
      return;
    }
    try {
      decode(stored.bytes(name + NUMBERS), stored.floats(name + SCALES), block);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read tensor %s from %s: %s".formatted(Quoted.of(name), source(), e), e);
    }
  }

  /** Blocks of weights lie in the order of the rows, so their shape does not matter here. */
  private static void decode(ByteBuffer numbers, float[] scales, FloatBlock block)
      throws IOException {
    float[] values = new float[Math.min(StoredTensor.BLOCK, scales.length * BLOCK)];
    int filled = 0;
    for (int i = 0; i < scales.length; i++) {
      for (int at = 0; at < BLOCK_BYTES; at++) {
        int pair = numbers.get(i * BLOCK_BYTES + at);
        values[filled + at] = ((pair & 0xF) - ZERO) * scales[i];
        values[filled + BLOCK_BYTES + at] = ((pair >> 4 & 0xF) - ZERO) * scales[i];
      }
      filled += BLOCK;
      if (filled == values.length || i == scales.length - 1) {
        block.accept(values, filled);
        filled = 0;
      }
    }
  }

  @Override
  public Path source() {
    return stored.source();
  }

  @Override
  public String format() {
    return stored.format() + " with 4 bits per weight";
  }

  @Override
  public void close() {
    stored.close();
  }
}
