package org.sparkgbert.convert;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The modules of sentence-transformers that can be imported. */
enum ModuleType {
  TRANSFORMER("Transformer"),
  POOLING("Pooling"),
  DENSE("Dense"),
  NORMALIZE("Normalize");

  /** The packages that versions 2 to 6 keep these classes in. */
  private static final Pattern CLASS =
      Pattern.compile(
          "sentence_transformers\\.(?:models|base\\.modules|sentence_transformer\\.modules)"
              + "(?:\\.(?<file>\\w+))?\\.(?<name>\\w+)");

  private final String className;

  ModuleType(String className) {
    this.className = className;
  }

  String className() {
    return className;
  }

  /** The type of this full class name; empty if it is not supported. */
  static Optional<ModuleType> of(String fullName) {
    Matcher matcher = CLASS.matcher(fullName);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = matcher.group("name");
    String file = matcher.group("file");
    return Arrays.stream(values())
        .filter(type -> type.className.equals(name))
        .filter(type -> file == null || type.className.equalsIgnoreCase(file))
        .findFirst();
  }
}
