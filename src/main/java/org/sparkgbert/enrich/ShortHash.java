package org.sparkgbert.enrich;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The first 16 bytes of SHA-256, since 64 bits would collide at the size of a lake. */
final class ShortHash {
  static final int BYTES = 16;

  private static final ThreadLocal<MessageDigest> DIGESTS =
      ThreadLocal.withInitial(ShortHash::sha256);

  private ShortHash() {}

  /** The hash of some bytes, one after the other. */
  static byte[] of(byte[]... parts) {
    MessageDigest digest = DIGESTS.get();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return Arrays.copyOf(digest.digest(), BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
