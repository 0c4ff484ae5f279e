package org.sparkgbert.model;

import java.util.regex.Pattern;

/**
 * A file of a bundle, as its manifest lists it.
 *
 * @param name file name inside the bundle's directory, no path
 * @param size length in bytes
 * @param sha256 SHA-256 of the content, 64 hexadecimal digits in lower case
 */
public record BundleFile(String name, long size, String sha256) {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

  /**
   * @throws IllegalArgumentException if the name could leave the bundle's directory, or another
   *     value is out of range
   */
  public BundleFile {
    if (name == null || !PLAIN_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a file needs a plain name, found '" + name + "'");
    }
    if (size < 1) {
      throw new IllegalArgumentException(name + " needs a positive size, found " + size);
    }
    if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(name + " needs a SHA-256, found '" + sha256 + "'");
    }
  }
}
