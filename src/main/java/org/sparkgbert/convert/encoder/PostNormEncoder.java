package org.sparkgbert.convert.encoder;

import org.sparkgbert.convert.graph.Encoder;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Matrices;
import org.sparkgbert.convert.graph.TensorNames;

/**
 * An encoder with BERT's layers, out of ONNX Runtime's fused operators: attention, a feed-forward
 * layer with gelu, and LayerNorm behind either.
 *
 * @param shape its sizes
 * @param tensors how tensors are called
 * @param layers how those of a layer are called
 * @param embeddings what goes into the first layer
 * @param epsilon what LayerNorm adds to the variance
 * @param gelu the activation
 */
record PostNormEncoder(
    EncoderShape shape,
    TensorNames tensors,
    LayerNames layers,
    AbsoluteEmbeddings embeddings,
    double epsilon,
    Gelu gelu)
    implements Encoder {
  @Override
  public String addTo(EncoderNodes nodes, Matrices matrices) {
    String hidden = embeddings.addTo(nodes);
    PostNormLayers added = new PostNormLayers(this, nodes, matrices);
    for (int layer = 0; layer < shape.layers(); layer++) {
      hidden = added.add(layers.prefix(layer), hidden);
    }
    return hidden;
  }
}
