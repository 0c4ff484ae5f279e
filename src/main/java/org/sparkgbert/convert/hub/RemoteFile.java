package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A file of a model at one commit.
 *
 * @param path its name on the Hub, with {@code /} between folders
 * @param size length in bytes
 * @param blob name of its content in the cache: the Hub's entity tag, which equal contents share
 * @param hash the hash of the content, if the Hub states it
 */
record RemoteFile(String path, long size, String blob, Optional<ContentHash> hash) {
  private static final Pattern PATH = Pattern.compile("\\w[\\w.+-]*(?:/\\w[\\w.+-]*)*");
  private static final Pattern BLOB = Pattern.compile("\\w[\\w.-]{0,200}");

  /** The Hub's two ways to hash a file. */
  enum HashKind {
    /** Of the content: for files in Git LFS. */
    SHA256("SHA-256"),
    /** Of git's blob header and the content: for all other files. */
    GIT_BLOB("SHA-1");

    private final String algorithm;

    HashKind(String algorithm) {
      this.algorithm = algorithm;
    }
  }

  /**
   * A hash of a file's content.
   *
   * @param kind how it is computed
   * @param hex lower-case hexadecimal digits
   */
  record ContentHash(HashKind kind, String hex) {
    /** The hash of the same kind of a local file. */
    ContentHash of(Path file) throws IOException {
      MessageDigest digest = DigestUtils.getDigest(kind.algorithm);
      if (kind == HashKind.GIT_BLOB) {
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      byte[] hash = DigestUtils.updateDigest(digest, file).digest();
      return new ContentHash(kind, HexFormat.of().formatHex(hash));
    }

    @Override
    public String toString() {
      return kind.algorithm + " " + hex;
    }
  }

  /**
   * @throws HubException if a name could lead out of its directory or the size is negative
   */
  RemoteFile {
    if (!PATH.matcher(path).matches() || path.contains("..")) {
      throw new HubException(
          "Cannot download a file: its name must be plain, found '" + printable(path) + "'");
    }
    if (!BLOB.matcher(blob).matches() || blob.contains("..") || blob.endsWith(".incomplete")) {
      throw new HubException(
          "Cannot download %s: its entity tag must be plain, found '%s'"
              .formatted(path, printable(blob)));
    }
    if (size < 0) {
      throw new HubException(
          "Cannot download " + path + ": its size must not be negative, found " + size);
    }
  }

  /**
   * A text from the Hub, shortened and without control characters, so that a message stays on one
   * line.
   */
  static String printable(String text) {
    String line = text.replaceAll("\\p{C}", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "...";
  }
}
