package org.sparkgbert.convert.encoder;

import static org.sparkgbert.onnx.GraphNodes.real;

import java.util.List;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.Matrices;
import org.sparkgbert.convert.graph.Matrix;
import org.sparkgbert.convert.graph.SelfAttention;
import org.sparkgbert.onnx.GraphNodes;

/** Adds the layers of a {@link PostNormEncoder}. */
final class PostNormLayers {
  private final PostNormEncoder encoder;
  private final EncoderNodes nodes;
  private final Matrices matrices;
  private final String scoreBias;
  private final LayerNames names;
  private final int width;

  /**
   * @param scoreBias what is added to attention scores; empty if nothing
   */
  PostNormLayers(PostNormEncoder encoder, EncoderNodes nodes, Matrices matrices, String scoreBias) {
    this.encoder = encoder;
    this.nodes = nodes;
    this.matrices = matrices;
    this.scoreBias = scoreBias;
    this.names = encoder.layers();
    this.width = encoder.shape().hiddenSize();
  }

  /** Adds a layer; returns the name of its output. */
  String add(int number, String hidden) {
    String layer = names.prefix(number);
    SelfAttention attention =
        new SelfAttention(
            layer,
            encoder.shape().heads(),
            square(layer + names.query(), number),
            square(layer + names.key(), number),
            square(layer + names.value(), number),
            square(layer + names.attended(), number));
    String attended = matrices.attention(attention, hidden, scoreBias);
    String first =
        addAndNormalize(
            layer + "attention.output.norm",
            hidden,
            attended,
            layer + names.attendedNorm(),
            attention.output());
    int inner = encoder.shape().intermediateSize();
    Matrix output = new Matrix(layer + names.output(), inner, width);
    Matrix intermediate = new Matrix(layer + names.intermediate(), width, inner).before(output);
    String active = gelu(layer + "gelu", intermediate, first);
    return addAndNormalize(
        layer + "output.norm",
        first,
        matrices.product(output, active),
        layer + names.outputNorm(),
        output);
  }

  private Matrix square(String name, int layer) {
    return new Matrix(name, width, width, true, layer);
  }

  private String gelu(String name, Matrix intermediate, String hidden) {
    String product = matrices.product(intermediate, hidden);
    String bias = matrices.bias(intermediate);
    String operator =
        switch (encoder.gelu()) {
          case EXACT -> bias.isEmpty() ? "Gelu" : "BiasGelu";
          case TANH -> "FastGelu";
        };
    return nodes.nodes().addFused(operator, name, List.of(), GraphNodes.given(product, bias));
  }

  private String addAndNormalize(
      String name, String hidden, String product, String norm, Matrix matrix) {
    return nodes
        .nodes()
        .addFused(
            "SkipLayerNormalization",
            name,
            List.of(real("epsilon", encoder.epsilon())),
            GraphNodes.given(
                hidden,
                product,
                nodes.vector(norm + ".weight", width),
                nodes.vector(norm + ".bias", width),
                matrices.bias(matrix)));
  }
}
