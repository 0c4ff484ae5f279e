package org.sparkgbert.train;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.action.Progress;

/**
 * What users should know of a run: told at once, and kept for the report.
 *
 * @param lines those so far
 * @param progress is told each
 */
record Notes(List<String> lines, Progress progress) {
  static Notes of(Progress progress) {
    return new Notes(new ArrayList<>(), progress);
  }

  void add(String line) {
    lines.add(line);
    progress.note(line);
  }
}
