package org.sparkgbert.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256, written as 64 hexadecimal digits in lower case. */
public final class Checksums {
  private static final int BUFFER_BYTES = 1 << 20;

  private Checksums() {}

  /** SHA-256 of bytes in memory. */
  public static String sha256(byte[] content) {
    return DigestUtils.sha256Hex(content);
  }

  /** SHA-256 of a list of texts: two lists that differ anywhere have different ones. */
  public static String sha256(List<String> texts) {
    StringBuilder all = new StringBuilder();
    texts.forEach(text -> all.append(text.length()).append(':').append(text).append('\n'));
    return sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * SHA-256 of a file, read in pieces.
   *
   * @throws IOException if the file cannot be read
   */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  /**
   * SHA-256 of all that is left in a stream, read in pieces.
   *
   * @throws IOException if it cannot be read
   */
  public static String sha256(InputStream in) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return Hex.encodeHexString(digest.digest());
  }
}
