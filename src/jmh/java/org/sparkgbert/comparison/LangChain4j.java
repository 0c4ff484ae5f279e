package org.sparkgbert.comparison;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * langchain4j's in-process encoder: it runs each sentence for itself, as many at once as its
 * executor has threads. ONNX Runtime's threads are not for its users to choose: a run may use all
 * cores.
 */
final class LangChain4j implements Contender {
  private final int threads;
  private final String prompt;
  private final ExecutorService executor;
  private final OnnxEmbeddingModel model;

  LangChain4j(ComparedModel compared, int threads) {
    this.threads = threads;
    prompt = compared.manifest().prompt();
    executor = Executors.newFixedThreadPool(threads);
    String pooling = compared.manifest().pooling().toUpperCase(Locale.ROOT);
    model =
        new OnnxEmbeddingModel(
            compared.onnx(), compared.tokenizer(), PoolingMode.valueOf(pooling), executor);
  }

  @Override
  public String name() {
    return name(threads);
  }

  /** What it is, with so many threads. */
  static String name(int threads) {
    return "langchain4j embedAll, %d at once".formatted(threads);
  }

  @Override
  public List<float[]> encode(List<String> sentences) {
    List<TextSegment> segments =
        sentences.stream().map(each -> TextSegment.from(prompt + each)).toList();
    return model.embedAll(segments).content().stream().map(Embedding::vector).toList();
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
