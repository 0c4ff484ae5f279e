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

  /** Whether it computes in float32, so that its vectors have to be those of the other ones. */
  default boolean isFloat32() {
    return true;
  }

  /**
   * Encodes sentences, in batches of its own choice.
   *
   * @param sentences without any prompt
   * @return {@code [sentences, dimension]} in their order
   */
  List<float[]> encode(List<String> sentences);

  /** Encodes sentences, each in a batch of its own. */
  default List<float[]> encodeAlone(List<String> sentences) {
    return sentences.stream().map(each -> encode(List.of(each)).get(0)).toList();
  }

  /** Encodes sentences and forgets the vectors. <b>Unit:</b> the seconds that it took. */
  default double seconds(List<String> sentences) {
    long start = System.nanoTime();
    encode(sentences);
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  void close();
}
