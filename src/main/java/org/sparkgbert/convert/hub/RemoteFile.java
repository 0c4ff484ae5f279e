package org.sparkgbert.convert.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file of a model at one commit.
 *
 * @param path its name on the Hub, with {@code /} between folders
 * @param size length in bytes
 * @param blob name of its content in the cache: the Hub's entity tag, which equal contents share
 * @param fingerprint what the content must hash to, where the Hub says it
 */
record RemoteFile(String path, long size, String blob, Optional<Fingerprint> fingerprint) {
  private static final Pattern PATH = Pattern.compile("\\w[\\w.+-]*(?:/\\w[\\w.+-]*)*");
  private static final Pattern BLOB = Pattern.compile("\\w[\\w.-]{0,200}");

  /**
   * @throws HubException if a name could leave its directory or the size is negative
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

  /** A text of the Hub, cut and without controls, so that a message stays one line. */
  static String printable(String text) {
    String line = text.replaceAll("\\p{C}", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "...";
  }
}
