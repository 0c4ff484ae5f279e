package org.sparkgbert.comparison;

import ai.djl.Device;
import ai.djl.ModelException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.translator.TextEmbeddingTranslator;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * DJL's text embedding translator over its ONNX Runtime engine, PyTorch for pooling as that engine
 * demands: sentences sorted by characters and given to {@code batchPredict} in batches.
 */
final class Djl implements Contender {
  private final int batchSize;
  private final String prompt;
  private final HuggingFaceTokenizer tokenizer;
  private final ZooModel<String, float[]> model;
  private final Predictor<String, float[]> predictor;

  Djl(ComparedModel compared, int batchSize) throws IOException, ModelException {
    this.batchSize = batchSize;
    prompt = compared.manifest().prompt();
    tokenizer =
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(compared.tokenizer())
            .optPadding(true)
            .optTruncation(true)
            .build();
    model = criteria(compared.onnx(), tokenizer, compared.manifest().pooling()).loadModel();
    predictor = model.newPredictor();
  }

  private static Criteria<String, float[]> criteria(
      Path onnx, HuggingFaceTokenizer tokenizer, String pooling) {
    return Criteria.builder()
        .setTypes(String.class, float[].class)
        .optEngine("OnnxRuntime")
        .optDevice(Device.cpu())
        .optModelPath(onnx)
        .optTranslator(
            TextEmbeddingTranslator.builder(tokenizer)
                .optPoolingMode(pooling)
                .optNormalize(true)
                .optIncludeTokenTypes(true)
                .build())
        .build();
  }

  @Override
  public String name() {
    return name(batchSize);
  }

  /** What it is, with batches of this size. */
  static String name(int batchSize) {
    return "DJL batchPredict, sorted, batches of " + batchSize;
  }

  @Override
  public List<float[]> encode(List<String> sentences) {
    int[] order =
        IntStream.range(0, sentences.size())
            .boxed()
            .sorted(Comparator.comparingInt(each -> sentences.get(each).length()))
            .mapToInt(Integer::intValue)
            .toArray();
    float[][] vectors = new float[order.length][];
    for (int from = 0; from < order.length; from += batchSize) {
      int[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
      List<float[]> found = predict(IntStream.of(batch).mapToObj(sentences::get).toList());
      for (int i = 0; i < batch.length; i++) {
        vectors[batch[i]] = found.get(i);
      }
    }
    return Arrays.asList(vectors);
  }

  private List<float[]> predict(List<String> sentences) {
    try {
      return predictor.batchPredict(sentences.stream().map(each -> prompt + each).toList());
    } catch (TranslateException e) {
      throw new IllegalStateException("Cannot encode with DJL: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
    tokenizer.close();
  }
}
