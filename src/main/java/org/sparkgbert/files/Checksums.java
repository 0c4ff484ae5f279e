package org.sparkgbert.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
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

  /**
   * SHA-256 of a file, read in pieces.
   *
   * @throws IOException if the file cannot be read
   */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return Hex.encodeHexString(digest.digest());
  }
}
