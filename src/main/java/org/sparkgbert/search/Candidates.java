package org.sparkgbert.search;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * The rows of an index that are scored with their full vectors, by cell and id, each with the
 * numbers of the questions that it may answer. Travels as a broadcast.
 */
final class Candidates implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int[] NONE = {};

  /** By cell, then by the id's key, a byte per character. */
  private final HashMap<Integer, HashMap<String, int[]>> byCell = new HashMap<>();

  /**
   * @param found of {@link SearchCodes#found} the question's number, the score, the cell and the
   *     key
   */
  static Candidates of(List<Row> found) {
    Candidates candidates = new Candidates();
    for (Row row : found) {
      candidates
          .byCell
          .computeIfAbsent(row.getInt(2), cell -> new HashMap<>())
          .merge(text(row.getAs(3)), new int[] {row.getInt(0)}, Candidates::joined);
    }
    return candidates;
  }

  /** Rows of one id in one cell are one candidate, which all of them are scored for. */
  private static int[] joined(int[] some, int[] others) {
    if (Arrays.stream(some).anyMatch(number -> number == others[0])) {
      return some;
    }
    int[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  /** Cells with candidates. */
  Set<Integer> cells() {
    return new TreeSet<>(byCell.keySet());
  }

  /** Keys of all candidates' ids. */
  List<byte[]> ids() {
    List<byte[]> ids = new ArrayList<>();
    byCell
        .values()
        .forEach(
            ofCell ->
                ofCell.keySet().forEach(id -> ids.add(id.getBytes(StandardCharsets.ISO_8859_1))));
    return ids;
  }

  /** Numbers of the questions that a row may answer; none for most rows. */
  int[] questions(int cell, byte[] id) {
    HashMap<String, int[]> ofCell = byCell.get(cell);
    return ofCell == null ? NONE : ofCell.getOrDefault(text(id), NONE);
  }

  /** Whether a row may answer a question. */
  boolean has(int number, int cell, byte[] id) {
    return Arrays.stream(questions(cell, id)).anyMatch(each -> each == number);
  }
}
