package org.sparkgbert.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;
import org.sparkgbert.train.torch.WeightSource;

/** Tells weights apart. */
final class WeightChecksum {
  private static final int BLOCK = 1 << 16;

  private WeightChecksum() {}

  /** SHA-256 over names and values of all tensors, in hexadecimal digits. */
  static String of(WeightSource weights) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Float.BYTES);
    for (String name : weights.names()) {
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      float[] values = weights.read(name).values();
      for (int start = 0; start < values.length; start += BLOCK) {
        int count = Math.min(BLOCK, values.length - start);
        bytes.clear().asFloatBuffer().put(values, start, count);
        digest.update(bytes.array(), 0, count * Float.BYTES);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
