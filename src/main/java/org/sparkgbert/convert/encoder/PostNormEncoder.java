package org.sparkgbert.convert.encoder;

import java.util.Optional;
import java.util.OptionalInt;
import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Matrices;
import org.sparkgbert.convert.graph.Matrix;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * An encoder with BERT's layers, built from ONNX Runtime's fused operators: attention, a
 * feed-forward layer with gelu, and LayerNorm after each.
 *
 * @param shape its sizes
 * @param tensors names of its tensors
 * @param layers names of the tensors of a layer
 * @param embeddings the input of the first layer, projected by a matrix if its width differs
 * @param relative what is added to attention scores, if anything
 * @param epsilon what LayerNorm adds to the variance
 * @param gelu the activation
 */
record PostNormEncoder(
    EncoderShape shape,
    TensorNames tensors,
    LayerNames layers,
    AbsoluteEmbeddings embeddings,
    Optional<RelativePositions> relative,
    double epsilon,
    Gelu gelu)
    implements Encoder {
  /**
   * An encoder with BERT's tensor names and embeddings.
   *
   * @throws IllegalArgumentException if a value of {@code config.json} is missing or not supported
   */
  static PostNormEncoder likeBert(EncoderConfig config, EncoderShape shape, TensorNames tensors) {
    return likeBert(config, shape, tensors, OptionalInt.empty());
  }

  /**
   * An encoder with BERT's tensor names and embeddings.
   *
   * @param padding id of the padding token, if positions depend on it
   * @throws IllegalArgumentException if a value of {@code config.json} is missing or not supported
   */
  static PostNormEncoder likeBert(
      EncoderConfig config, EncoderShape shape, TensorNames tensors, OptionalInt padding) {
    double epsilon = config.epsilon("layer_norm_eps", 1e-12);
    return new PostNormEncoder(
        shape,
        tensors,
        LayerNames.BERT,
        new AbsoluteEmbeddings(shape, shape.hiddenSize(), config.tokenTypes(), epsilon, padding),
        Optional.empty(),
        epsilon,
        config.gelu("hidden_act"));
  }

  @Override
  public String addTo(EncoderNodes nodes, Matrices matrices) {
    String hidden = embeddings.addTo(nodes);
    if (embeddings.width() != shape.hiddenSize()) {
      Matrix projection = new Matrix("embeddings_project", embeddings.width(), shape.hiddenSize());
      hidden = nodes.linear(projection, hidden);
    }
    String scoreBias = relative.map(positions -> positions.addTo(nodes, shape)).orElse("");
    PostNormLayers added = new PostNormLayers(this, nodes, matrices, scoreBias);
    for (int layer = 0; layer < shape.layers(); layer++) {
      hidden = added.add(layer, hidden);
    }
    return hidden;
  }
}
