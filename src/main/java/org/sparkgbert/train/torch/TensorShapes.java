package org.sparkgbert.train.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.convert.graph.EncoderShape;

/**
 * Names and shapes of the tensors of an encoder of BERT's layout, without a model's prefix. The
 * pooler, which belongs to another head, is none of them.
 */
public final class TensorShapes {
  static final String WORDS = "embeddings.word_embeddings.weight";
  static final String POSITIONS = "embeddings.position_embeddings.weight";
  static final String TOKEN_TYPES = "embeddings.token_type_embeddings.weight";
  static final String EMBEDDING_NORM = "embeddings.LayerNorm";

  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private TensorShapes() {}

  /** All tensors of an encoder, in the order of a checkpoint; the arrays are shared, not copied. */
  public static Map<String, long[]> of(EncoderSpecification specification) {
    TensorShapes all = new TensorShapes();
    all.addEmbeddings(specification);
    for (int layer = 0; layer < specification.shape().layers(); layer++) {
      all.addLayer(prefix(layer), specification.shape());
    }
    return Collections.unmodifiableMap(all.shapes);
  }

  /** What the names of a layer's tensors begin with. */
  static String prefix(int layer) {
    return "encoder.layer." + layer + ".";
  }

  private void addEmbeddings(EncoderSpecification specification) {
    EncoderShape shape = specification.shape();
    int width = shape.hiddenSize();
    shapes.put(WORDS, new long[] {shape.vocabulary(), width});
    shapes.put(POSITIONS, new long[] {shape.positions(), width});
    if (specification.tokenTypes() > 0) {
      shapes.put(TOKEN_TYPES, new long[] {specification.tokenTypes(), width});
    }
    addVectors(EMBEDDING_NORM, width);
  }

  private void addLayer(String prefix, EncoderShape shape) {
    int width = shape.hiddenSize();
    for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
      addMatrix(prefix + "attention." + part, width, width);
    }
    addVectors(prefix + "attention.output.LayerNorm", width);
    addMatrix(prefix + "intermediate.dense", shape.intermediateSize(), width);
    addMatrix(prefix + "output.dense", width, shape.intermediateSize());
    addVectors(prefix + "output.LayerNorm", width);
  }

  private void addVectors(String name, int width) {
    shapes.put(name + ".weight", new long[] {width});
    shapes.put(name + ".bias", new long[] {width});
  }

  private void addMatrix(String name, int rows, int columns) {
    shapes.put(name + ".weight", new long[] {rows, columns});
    shapes.put(name + ".bias", new long[] {rows});
  }
}
