package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hash of a file's content, as the Hub gives it.
 *
 * @param kind how it is computed
 * @param hex lower-case hexadecimal digits
 */
record Fingerprint(Kind kind, String hex) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** The Hub's two ways to hash a file. */
  enum Kind {
    /** Of the content: files in git's large file storage. */
    SHA256("SHA-256"),
    /** Of git's blob header and the content: all other files. */
    GIT_BLOB("SHA-1");

    private final String algorithm;

    Kind(String algorithm) {
      this.algorithm = algorithm;
    }
  }

  /** The hash that a file on this disk has. */
  Fingerprint of(Path file) throws IOException {
    MessageDigest digest = newDigest();
    if (kind == Kind.GIT_BLOB) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return new Fingerprint(kind, HexFormat.of().formatHex(digest.digest()));
  }

  private MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(kind.algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has " + kind.algorithm, e);
    }
  }

  @Override
  public String toString() {
    return kind.algorithm + " " + hex;
  }
}
