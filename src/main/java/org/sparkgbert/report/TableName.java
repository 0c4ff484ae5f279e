package org.sparkgbert.report;

import java.util.List;
import java.util.stream.Collectors;

/** What a page calls the tables that it is about. */
final class TableName {
  private static final int MOST = 3;

  private TableName() {}

  /** The last parts of paths, such as {@code news} for {@code /lake/2025/news}. */
  static String of(List<String> paths) {
    String names = paths.stream().limit(MOST).map(TableName::of).collect(Collectors.joining(", "));
    int more = paths.size() - MOST;
    return more > 0 ? "%s and %d more".formatted(names, more) : names;
  }

  /** A last part that is a pattern says nothing, so it is shown with the one before. */
  private static String of(String path) {
    String place = path.replaceAll("(?<=[^/])/+$", "");
    int last = place.lastIndexOf('/');
    String name = place.substring(last + 1);
    int before = place.lastIndexOf('/', last - 1);
    return name.matches(".*[*?{}\\[\\]].*")
        ? place.substring(before + 1)
        : name.isEmpty() ? path : name;
  }
}
