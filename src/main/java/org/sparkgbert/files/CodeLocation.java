package org.sparkgbert.files;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where classes were loaded from. */
public final class CodeLocation {
  private CodeLocation() {}

  /**
   * The jar of a class, or the directory of its package root.
   *
   * @throws IllegalStateException if it is in no file
   */
  public static Path of(Class<?> loaded) {
    try {
      return Path.of(loaded.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Cannot find the jar of " + loaded.getName(), e);
    }
  }
}
