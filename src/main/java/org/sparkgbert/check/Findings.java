package org.sparkgbert.check;

import java.util.List;
import java.util.stream.Stream;

/**
 * The result of {@link CheckTable}.
 *
 * @param rows number of rows in the table, according to its manifest
 * @param files number of its files
 * @param sampled number of rows that were encoded again
 * @param lines what is wrong, one line each; none for a valid table
 * @param notes what its user should know although it is valid, one line each
 */
public record Findings(long rows, int files, int sampled, List<String> lines, List<String> notes) {
  static final Findings NONE = new Findings(0, 0, 0, List.of());

  /** Makes lines and notes unmodifiable. */
  public Findings {
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
  }

  /** Without notes. */
  public Findings(long rows, int files, int sampled, List<String> lines) {
    this(rows, files, sampled, lines, List.of());
  }

  /** Whether nothing is wrong. */
  public boolean isValid() {
    return lines.isEmpty();
  }

  /** The same, with lines prefixed by the name of a part of the directory. */
  Findings of(String part) {
    return new Findings(rows, files, sampled, of(part, lines), of(part, notes));
  }

  private static List<String> of(String part, List<String> texts) {
    return texts.stream().map(text -> part + ": " + text).toList();
  }

  Findings plus(Findings other) {
    return new Findings(
        rows + other.rows,
        files + other.files,
        sampled + other.sampled,
        Stream.concat(lines.stream(), other.lines.stream()).toList(),
        Stream.concat(notes.stream(), other.notes.stream()).toList());
  }

  Findings plus(String line) {
    return plus(new Findings(0, 0, 0, List.of(line)));
  }
}
