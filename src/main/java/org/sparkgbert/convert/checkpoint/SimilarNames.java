package org.sparkgbert.convert.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The error for a tensor that a checkpoint lacks; it lists the most similar names. */
final class SimilarNames {
  private static final int MAX_LISTED = 3;

  private SimilarNames() {}

  static IllegalArgumentException missing(String name, Object source, Collection<String> known) {
    return new IllegalArgumentException(
        "Cannot read tensor %s from %s: it does not exist, found %s"
            .formatted(Quoted.of(name), source, describe(name, known)));
  }

  private static String describe(String name, Collection<String> known) {
    String[] parts = parts(name);
    List<String> similar =
        known.stream()
            .filter(candidate -> similarity(parts, parts(candidate)) > 0)
            .sorted(
                Comparator.comparingInt((String other) -> -similarity(parts, parts(other)))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(MAX_LISTED)
            .toList();
    return similar.isEmpty()
        ? known.size() + " others"
        : similar.stream().map(Quoted::of).collect(Collectors.joining(", "));
  }

  private static String[] parts(String name) {
    return name.split("\\.", -1);
  }

  /** Number of equal parts at the start and at the end, compared with those that differ. */
  private static int similarity(String[] a, String[] b) {
    int shorter = Math.min(a.length, b.length);
    int equal = 0;
    while (equal < shorter && a[equal].equals(b[equal])) {
      equal++;
    }
    int fromEnd = 0;
    while (equal + fromEnd < shorter
        && a[a.length - 1 - fromEnd].equals(b[b.length - 1 - fromEnd])) {
      fromEnd++;
    }
    int different = Math.max(a.length, b.length) - equal - fromEnd;
    return equal + fromEnd == 0 ? 0 : Math.max(1, 100 * (equal + fromEnd) - different);
  }
}
