package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.function.Supplier;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * Computes an encoder from arrays, on a batch at a time. Results belong to the manager of the
 * tokens.
 *
 * <p><b>Source:</b> {@code BertModel} and {@code RobertaModel} of transformers.
 */
final class EncoderPass {
  private final EncoderSpecification specification;
  private final Map<String, NDArray> weights;
  private final EncoderConstants constants;
  private final boolean dropout;
  private final Shape width;

  /**
   * @param weights by the names of {@link TensorShapes}, with LoRA's matrices if there are any
   * @param dropout whether elements are dropped
   */
  EncoderPass(
      EncoderSpecification specification,
      Map<String, NDArray> weights,
      EncoderConstants constants,
      boolean dropout) {
    this.specification = specification;
    this.weights = weights;
    this.constants = constants;
    this.dropout = dropout;
    this.width = new Shape(specification.shape().hiddenSize());
  }

  /** Vectors of the texts, {@code [texts, hidden]}. */
  NDArray vectors(TokenArrays tokens) {
    NDArray hidden = scoped(() -> embeddings(tokens));
    for (int layer = 0; layer < specification.shape().layers(); layer++) {
      String prefix = TensorShapes.prefix(layer);
      NDArray input = hidden;
      NDArray attended = scoped(() -> attention(prefix + "attention.", input, tokens));
      hidden = scoped(() -> feedForward(prefix, attended));
    }
    NDArray pooled = tokens.pool(hidden, specification.pooling());
    return specification.normalize() ? pooled.normalize(2, 1) : pooled;
  }

  /** Closes what a part computed on its way; a graph keeps what gradients need. */
  private static NDArray scoped(Supplier<NDArray> part) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray result = part.get();
      NDScope.unregister(result);
      return result;
    }
  }

  private NDArray embeddings(TokenArrays tokens) {
    NDArray sum = tokens.words(weights.get(TensorShapes.WORDS));
    if (specification.tokenTypes() > 0) {
      sum = sum.add(tokens.tokenType(weights.get(TensorShapes.TOKEN_TYPES)));
    }
    sum = sum.add(tokens.positions(weights.get(TensorShapes.POSITIONS)));
    return drop(normalized(TensorShapes.EMBEDDING_NORM, sum), specification.hiddenDropout());
  }

  private NDArray attention(String prefix, NDArray hidden, TokenArrays tokens) {
    NDArray query = linear(prefix + "self.query", hidden).mul(constants.attentionScale());
    NDArray key = linear(prefix + "self.key", hidden);
    NDArray value = linear(prefix + "self.value", hidden);
    NDArray scores = heads(tokens.pad(query)).matMul(heads(tokens.pad(key)).transpose(0, 1, 3, 2));
    NDArray shares = drop(tokens.masked(scores).softmax(-1), specification.attentionDropout());
    NDArray mixed = shares.matMul(heads(tokens.pad(value))).transpose(0, 2, 1, 3);
    NDArray context = tokens.flatten(mixed.reshape(-1, specification.shape().hiddenSize()));
    NDArray output = linear(prefix + "output.dense", context);
    return addAndNormalize(prefix + "output.LayerNorm", output, hidden);
  }

  /** From {@code [texts, longest, hidden]} to {@code [texts, heads, longest, head size]}. */
  private NDArray heads(NDArray vectors) {
    EncoderShape shape = specification.shape();
    Shape found = vectors.getShape();
    return vectors
        .reshape(found.get(0), found.get(1), shape.heads(), shape.headSize())
        .transpose(0, 2, 1, 3);
  }

  private NDArray feedForward(String prefix, NDArray hidden) {
    NDArray wide = linear(prefix + "intermediate.dense", hidden);
    NDArray output = linear(prefix + "output.dense", activated(wide));
    return addAndNormalize(prefix + "output.LayerNorm", output, hidden);
  }

  private NDArray activated(NDArray wide) {
    return switch (specification.activation()) {
      case GELU -> wide.getNDArrayInternal().gelu();
      case GELU_TANH -> constants.geluTanh(wide);
    };
  }

  private NDArray addAndNormalize(String norm, NDArray output, NDArray input) {
    return normalized(norm, drop(output, specification.hiddenDropout()).add(input));
  }

  private NDArray normalized(String norm, NDArray vectors) {
    return vectors
        .getNDArrayInternal()
        .layerNorm(
            vectors,
            width,
            weights.get(norm + ".weight"),
            weights.get(norm + ".bias"),
            (float) specification.layerNormEpsilon())
        .head();
  }

  private NDArray drop(NDArray vectors, double probability) {
    return dropout && probability > 0
        ? vectors.getNDArrayInternal().dropout(vectors, (float) probability, true).head()
        : vectors;
  }

  private NDArray linear(String name, NDArray vectors) {
    NDArray result = product(vectors, weights.get(name + ".weight"), weights.get(name + ".bias"));
    NDArray down = weights.get(name + LoraMatrices.DOWN);
    return down == null
        ? result
        : result.add(
            product(product(vectors, down, null), weights.get(name + LoraMatrices.UP), null));
  }

  private static NDArray product(NDArray vectors, NDArray weight, NDArray bias) {
    return vectors.getNDArrayInternal().linear(vectors, weight, bias).head();
  }
}
