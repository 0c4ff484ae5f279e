package org.sparkgbert.bench;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.encode.SentenceEncoder;

/**
 * One pass of the encoder alone.
 *
 * @param cores number of threads that encoded
 * @param seconds wall time
 * @param work the work done
 */
record EncoderPass(int cores, double seconds, EncodingWork work) {
  /** Encodes windows on this many threads, each of which takes the next window that is left. */
  static EncoderPass run(SentenceEncoder encoder, List<List<String>> windows, int cores) {
    Queue<List<String>> left = new ConcurrentLinkedQueue<>(windows);
    long start = System.nanoTime();
    List<EncodingWork> works = Callers.run(cores, () -> encodeAll(encoder, left));
    double seconds = (System.nanoTime() - start) / 1e9;
    return new EncoderPass(
        cores, seconds, works.stream().reduce(EncodingWork.NONE, EncodingWork::plus));
  }

  private static EncodingWork encodeAll(SentenceEncoder encoder, Queue<List<String>> left) {
    EncodingWork work = EncodingWork.NONE;
    for (List<String> window = left.poll(); window != null; window = left.poll()) {
      work = work.plus(encoder.encodeWindow(window).work());
    }
    return work;
  }

  double tokensPerSecond() {
    return work.tokens() / seconds;
  }

  double sentencesPerSecond() {
    return work.texts() / seconds;
  }
}
