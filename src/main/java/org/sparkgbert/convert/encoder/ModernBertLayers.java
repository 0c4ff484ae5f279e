package org.sparkgbert.convert.encoder;

import static org.sparkgbert.onnx.GraphNodes.integer;
import static org.sparkgbert.onnx.GraphNodes.real;

import java.util.List;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.convert.graph.Matrices;
import org.sparkgbert.convert.graph.Matrix;
import org.sparkgbert.onnx.GraphNodes;

/** Adds the nodes of a {@link ModernBertEncoder}. */
final class ModernBertLayers {
  private final ModernBertEncoder encoder;
  private final EncoderShape shape;
  private final EncoderNodes nodes;
  private final GraphNodes graph;
  private final Matrices matrices;

  ModernBertLayers(ModernBertEncoder encoder, EncoderNodes nodes, Matrices matrices) {
    this.encoder = encoder;
    this.shape = encoder.shape();
    this.nodes = nodes;
    this.graph = nodes.nodes();
    this.matrices = matrices;
  }

  /**
   * The residual stream before and after LayerNorm.
   *
   * @param sum what the next layer's result is added to
   * @param normalized the input of the next layer
   */
  private record Hidden(String sum, String normalized) {}

  /** Adds embeddings and layers; returns the name of the token vectors. */
  String add() {
    String localBias = "";
    if (encoder.localLayers().contains(false)) {
      encoder.globalPositions().addTables(nodes);
    }
    if (encoder.localLayers().contains(true)) {
      encoder.localPositions().addTables(nodes);
      localBias = new LocalAttention(encoder.reach(), shape.maxTokens()).addTo(nodes);
    }
    String embedded = embeddings();
    Hidden hidden = new Hidden(embedded, embedded);
    for (int layer = 0; layer < shape.layers(); layer++) {
      boolean local = encoder.localLayers().get(layer);
      RotaryPositions positions = local ? encoder.localPositions() : encoder.globalPositions();
      hidden = attention(layer, hidden, positions, local ? localBias : "");
      hidden = feedForward(layer, hidden);
    }
    return hidden.normalized();
  }

  private String embeddings() {
    String words = nodes.table(ModernBertEncoder.WORDS, shape.vocabulary(), shape.hiddenSize());
    String found = graph.add("Gather", "word_vectors", words, nodes.tokenIds());
    String norm = "embeddings.norm";
    return graph.layerNormalization(
        "embeddings",
        nodes.widen("word_vectors", found),
        nodes.vector(norm + ".weight", shape.hiddenSize()),
        normBias(norm),
        encoder.epsilon());
  }

  private Hidden attention(int layer, Hidden hidden, RotaryPositions positions, String scoreBias) {
    String name = "layers." + layer + ".attn.";
    int width = shape.hiddenSize();
    boolean hasBias = encoder.biases().attention();
    Matrix packed = new Matrix(name + "Wqkv", width, 3 * width, hasBias, layer);
    Matrix output = new Matrix(name + "Wo", width, width, hasBias, layer);
    List<String> parts =
        graph.splitHidden(
            matrices.linear(packed, hidden.normalized()),
            name + "query",
            name + "key",
            name + "value");
    String attended =
        graph.addFused(
            "MultiHeadAttention",
            name + "heads",
            List.of(integer("num_heads", shape.heads())),
            GraphNodes.given(
                nodes.narrow(
                    name + "query", positions.turn(nodes, name + "query.turned", parts.get(0))),
                nodes.narrow(
                    name + "key", positions.turn(nodes, name + "key.turned", parts.get(1))),
                nodes.narrow(name + "value", parts.get(2)),
                "",
                nodes.mask(),
                scoreBias));
    String product = matrices.product(output, nodes.widen(name + "heads", attended));
    return addAndNormalize(hidden, product, output, "layers." + layer + ".mlp_norm");
  }

  private Hidden feedForward(int layer, Hidden hidden) {
    String name = "layers." + layer + ".mlp.";
    int inner = shape.intermediateSize();
    boolean hasBias = encoder.biases().feedForward();
    Matrix wide = new Matrix(name + "Wi", shape.hiddenSize(), 2 * inner, hasBias);
    Matrix output = new Matrix(name + "Wo", inner, shape.hiddenSize(), hasBias);
    List<String> parts =
        graph.splitHidden(
            matrices.linear(wide, hidden.normalized()), name + "input", name + "gate");
    String operator =
        switch (encoder.gelu()) {
          case EXACT -> "Gelu";
          case TANH -> "FastGelu";
        };
    String active = graph.addFused(operator, name + "gelu", List.of(), parts.get(0));
    String gated = graph.add("Mul", name + "gated", active, parts.get(1));
    String next =
        layer + 1 < shape.layers() ? "layers." + (layer + 1) + ".attn_norm" : "final_norm";
    return addAndNormalize(hidden, matrices.product(output, gated), output, next);
  }

  private Hidden addAndNormalize(Hidden hidden, String product, Matrix matrix, String norm) {
    String sum = norm + ".sum";
    graph.addFused(
        "SkipLayerNormalization",
        List.of(norm, "", "", sum),
        List.of(real("epsilon", encoder.epsilon())),
        GraphNodes.given(
            hidden.sum(),
            product,
            nodes.vector(norm + ".weight", shape.hiddenSize()),
            normBias(norm),
            matrices.bias(matrix)));
    return new Hidden(sum, norm);
  }

  /** Name of a LayerNorm's bias; empty if it has none. */
  private String normBias(String norm) {
    return encoder.biases().norm() ? nodes.vector(norm + ".bias", shape.hiddenSize()) : "";
  }
}
