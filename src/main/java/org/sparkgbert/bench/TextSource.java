package org.sparkgbert.bench;

import java.util.List;
import java.util.Optional;

/** A source of texts; no text comes twice. */
public interface TextSource {
  /** The next texts; fewer if there are no more. */
  List<CountedText> take(int count);

  /** What was read of the corpus that they come from; empty if they are generated. */
  default Optional<CorpusSample> sample() {
    return Optional.empty();
  }
}
