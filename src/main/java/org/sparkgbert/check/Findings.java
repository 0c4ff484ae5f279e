package org.sparkgbert.check;

import java.util.ArrayList;
import java.util.List;

/**
 * The result of {@link CheckTable}.
 *
 * @param rows number of rows in the table, according to its manifest
 * @param files number of its files
 * @param sampled number of rows that were encoded again
 * @param lines what is wrong, one line each; none for a valid table
 */
public record Findings(long rows, int files, int sampled, List<String> lines) {
  static final Findings NONE = new Findings(0, 0, 0, List.of());

  /** Makes the lines unmodifiable. */
  public Findings {
    lines = List.copyOf(lines);
  }

  /** Whether nothing is wrong. */
  public boolean isValid() {
    return lines.isEmpty();
  }

  /** The same, with lines prefixed by the name of a part of the directory. */
  Findings of(String part) {
    List<String> named = lines.stream().map(line -> part + ": " + line).toList();
    return new Findings(rows, files, sampled, named);
  }

  Findings plus(Findings other) {
    List<String> all = new ArrayList<>(lines);
    all.addAll(other.lines);
    return new Findings(rows + other.rows, files + other.files, sampled + other.sampled, all);
  }

  Findings plus(String line) {
    return plus(new Findings(0, 0, 0, List.of(line)));
  }
}
