package org.sparkgbert.bench;

import java.util.List;

/** Where texts come from, one after the other; no text comes twice. */
public interface TextSource {
  /** The next texts; fewer if there are no more. */
  List<CountedText> take(int count);
}
