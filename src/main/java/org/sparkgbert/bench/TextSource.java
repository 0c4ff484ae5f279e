package org.sparkgbert.bench;

import java.util.List;

/** A source of texts; no text comes twice. */
public interface TextSource {
  /** The next texts; fewer if there are no more. */
  List<CountedText> take(int count);
}
