package org.sparkgbert.comparison;

import java.util.List;

/**
 * A way to turn sentences into embeddings.
 *
 * <p><b>Threads:</b> for one thread at a time; it may use all cores itself.
 */
interface Contender extends AutoCloseable {
  /** What it is, and with which settings. */
  String name();

  /**
   * Encodes sentences.
   *
   * @param sentences without any prompt
   * @return {@code [sentences, dimension]} in their order
   */
  List<float[]> encode(List<String> sentences);

  @Override
  void close();
}
