package org.sparkgbert.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The pairs of a table, on the driver.
 *
 * @param pairs in an order that depends on them alone
 * @param skipped rows without a sentence or a score
 */
record PairTable(List<Pair> pairs, long skipped) {
  PairTable {
    pairs = List.copyOf(pairs);
  }

  /** SHA-256 over all of them. */
  String checksum() {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (Pair pair : pairs) {
      add(pair.first(), digest);
      add(pair.second(), digest);
      digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, pair.score()));
    }
    return Hex.encodeHexString(digest.digest());
  }

  private static void add(String text, MessageDigest digest) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }

  /** Those with at least a score, and those without any. */
  PairTable similar(double threshold) {
    return new PairTable(
        pairs.stream().filter(pair -> !(pair.score() < threshold)).toList(), skipped);
  }

  /**
   * @throws IllegalArgumentException if all gold scores are the same
   */
  void requireDifferentScores(String where) {
    if (pairs.stream().mapToDouble(Pair::score).distinct().count() < 2) {
      throw new IllegalArgumentException(
          "Cannot train: all %d gold scores of %s are the same; a correlation needs at least two different ones"
              .formatted(pairs.size(), where));
    }
  }
}
