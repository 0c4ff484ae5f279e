package org.sparkgbert.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sparkgbert.files.CodeLocation;

/** The checkpoint of the default model, which is part of a checkout. */
final class DefaultCheckpoint {
  private static final String NAME = "default";

  private DefaultCheckpoint() {}

  /**
   * Its path if a user names it, and no file of this name is there.
   *
   * @throws IllegalArgumentException if spark-gbert's classes are not in a checkout
   */
  static Optional<String> of(String model) {
    if (!model.equals(NAME) || Files.exists(Path.of(model))) {
      return Optional.empty();
    }
    Path checkpoint =
        CodeLocation.of(DefaultCheckpoint.class)
            .resolveSibling("../src/main/models/default")
            .normalize();
    if (!Files.isDirectory(checkpoint)) {
      throw new IllegalArgumentException(
          "Cannot train the default model: its checkpoint is part of a checkout of spark-gbert,"
              + " found no "
              + checkpoint);
    }
    return Optional.of(checkpoint.toString());
  }
}
