package org.sparkgbert.batch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The distinct texts of a window, each of which is encoded once.
 *
 * @param texts texts in order of their first row; null stands for all null texts
 * @param indexOfRow for each row, the index of its text. Owned, not copied.
 */
public record DistinctTexts(List<String> texts, int[] indexOfRow) {

  /** Finds equal texts; null is a text like any other. */
  public static DistinctTexts of(List<String> rows) {
    Map<String, Integer> indexOf = new HashMap<>();
    List<String> texts = new ArrayList<>();
    int[] indexOfRow = new int[rows.size()];
    for (int row = 0; row < indexOfRow.length; row++) {
      String text = rows.get(row);
      Integer index = indexOf.putIfAbsent(text, texts.size());
      if (index == null) {
        index = texts.size();
        texts.add(text);
      }
      indexOfRow[row] = index;
    }
    return new DistinctTexts(texts, indexOfRow);
  }

  /** Every row stands for itself, equal or not. */
  public static DistinctTexts all(List<String> rows) {
    return new DistinctTexts(rows, IntStream.range(0, rows.size()).toArray());
  }
}
