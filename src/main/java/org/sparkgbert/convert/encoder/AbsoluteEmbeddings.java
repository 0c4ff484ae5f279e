package org.sparkgbert.convert.encoder;

import static org.sparkgbert.onnx.GraphNodes.real;

import java.util.List;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.onnx.GraphNodes;

/**
 * BERT's embeddings: a table for tokens, a table for absolute positions, and LayerNorm. Token type
 * 0, the only one used, is folded into the position table.
 *
 * @param shape sizes of the tables
 * @param width length of a row
 * @param tokenTypes number of rows of the token type table; 0 if there is none
 * @param epsilon what LayerNorm adds to the variance
 */
record AbsoluteEmbeddings(EncoderShape shape, int width, int tokenTypes, double epsilon) {
  static final String WORDS = "embeddings.word_embeddings.weight";

  private static final String POSITIONS = "embeddings.positions";
  private static final String NORM = "embeddings.LayerNorm.";

  /** Adds the nodes; returns the name of vectors {@code [rows, tokens, width]}, float32. */
  String addTo(EncoderNodes nodes) {
    nodes.table(WORDS, shape.vocabulary(), width);
    nodes.computed(POSITIONS, () -> positionTable(nodes), shape.maxTokens(), width);
    return nodes.isNarrow() ? wide(nodes) : fused(nodes);
  }

  private String fused(EncoderNodes nodes) {
    return nodes
        .nodes()
        .addFusedOfTwo(
            "EmbedLayerNormalization",
            "embeddings",
            List.of(real("epsilon", epsilon)),
            nodes.nodes().cast("ids", nodes.tokenIds(), GraphNodes.INT32),
            "",
            WORDS,
            POSITIONS,
            "",
            nodes.vector(NORM + "weight", width),
            nodes.vector(NORM + "bias", width));
  }

  /** A float16 word table would make the fused operator compute in float16. */
  private String wide(EncoderNodes encoder) {
    GraphNodes nodes = encoder.nodes();
    String found = nodes.add("Gather", "word_vectors", WORDS, encoder.tokenIds());
    String length = nodes.lengthOfAxisOne("token_count", encoder.tokenIds());
    String zero = nodes.longs("zero", 0);
    String positions = nodes.add("Slice", "position_vectors", POSITIONS, zero, length, zero);
    String words = nodes.cast("wide_words", found, GraphNodes.FLOAT);
    return nodes.layerNormalization(
        "embeddings",
        nodes.add("Add", "embedding_sum", words, positions),
        encoder.vector(NORM + "weight", width),
        encoder.vector(NORM + "bias", width),
        epsilon);
  }

  /** Rows from the first position on, each with token type 0 added. */
  private float[] positionTable(EncoderNodes nodes) {
    float[] all = nodes.floats("embeddings.position_embeddings.weight", shape.positions(), width);
    float[] types =
        tokenTypes == 0
            ? new float[width]
            : nodes.floats("embeddings.token_type_embeddings.weight", tokenTypes, width);
    float[] table = new float[shape.maxTokens() * width];
    int skipped = shape.firstPosition() * width;
    for (int i = 0; i < table.length; i++) {
      table[i] = all[skipped + i] + types[i % width];
    }
    return table;
  }
}
