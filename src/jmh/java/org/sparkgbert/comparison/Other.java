package org.sparkgbert.comparison;

import ai.djl.ModelException;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An encoder of somebody else, which is opened only if it takes part.
 *
 * @param name what it is, without versions
 * @param poolings with which it can run a model; none if with all
 * @param opening opens it
 */
record Other(String name, List<String> poolings, Opening opening) {
  private static final List<String> USUAL_POOLINGS = List.of("mean", "cls");

  /** How an encoder is opened. */
  interface Opening {
    Contender open(ComparedModel model) throws IOException, ModelException;
  }

  /**
   * All that there are.
   *
   * @param withPython whether the model is there for sentence-transformers
   * @param cores of this machine
   */
  static List<Other> all(boolean withPython, int cores) {
    Stream<Other> python =
        Stream.of(SentenceTransformers.Backend.values()).map(backend -> backend(backend, cores));
    Stream<Other> java =
        Stream.concat(
            IntStream.of(cores, 1).distinct().mapToObj(Other::langChain4j),
            IntStream.of(8, 32).mapToObj(Other::djl));
    return Stream.concat(withPython ? python : Stream.empty(), java).toList();
  }

  private static Other backend(SentenceTransformers.Backend backend, int cores) {
    return new Other(
        backend.contender(),
        List.of(),
        model -> new SentenceTransformers(backend, model.python().orElseThrow(), cores));
  }

  private static Other langChain4j(int threads) {
    return new Other(
        LangChain4j.name(threads), USUAL_POOLINGS, model -> new LangChain4j(model, threads));
  }

  private static Other djl(int batchSize) {
    return new Other(Djl.name(batchSize), USUAL_POOLINGS, model -> new Djl(model, batchSize));
  }

  /** Whether it can run a model with this pooling. */
  boolean pools(String pooling) {
    return poolings.isEmpty() || poolings.contains(pooling);
  }
}
