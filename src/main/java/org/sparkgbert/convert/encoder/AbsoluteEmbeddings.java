package org.sparkgbert.convert.encoder;

import static org.sparkgbert.onnx.GraphNodes.real;

import java.util.List;
import java.util.OptionalInt;
import org.sparkgbert.convert.graph.EncoderNodes;
import org.sparkgbert.convert.graph.EncoderShape;
import org.sparkgbert.onnx.GraphNodes;

/**
 * BERT's embeddings: a table for tokens, a table for absolute positions, and LayerNorm. Token type
 * 0, the only one used, is folded into the position table.
 *
 * <p>RoBERTa and its relatives count positions over the tokens that are not the padding token,
 * wherever it stands: one that a text itself holds keeps the padding's own position, and the tokens
 * behind it move up.
 *
 * @param shape sizes of the tables
 * @param width length of a row
 * @param tokenTypes number of rows of the token type table; 0 if there is none
 * @param epsilon what LayerNorm adds to the variance
 * @param padding id of the padding token, if positions depend on it
 */
record AbsoluteEmbeddings(
    EncoderShape shape, int width, int tokenTypes, double epsilon, OptionalInt padding) {
  static final String WORDS = "embeddings.word_embeddings.weight";

  private static final String POSITIONS = "embeddings.positions";
  private static final String NORM = "embeddings.LayerNorm.";

  /** Embeddings whose positions are counted from 0 over all tokens. */
  AbsoluteEmbeddings(EncoderShape shape, int width, int tokenTypes, double epsilon) {
    this(shape, width, tokenTypes, epsilon, OptionalInt.empty());
  }

  /** Adds the nodes; returns the name of vectors {@code [rows, tokens, width]}, float32. */
  String addTo(EncoderNodes nodes) {
    nodes.table(WORDS, shape.vocabulary(), width);
    nodes.computed(POSITIONS, () -> positionTable(nodes), rows(), width);
    return nodes.isNarrow() ? wide(nodes) : fused(nodes);
  }

  private String fused(EncoderNodes nodes) {
    String positions =
        padding.isEmpty()
            ? ""
            : nodes.nodes().cast("positions", positionIds(nodes.nodes(), nodes), GraphNodes.INT32);
    return nodes
        .nodes()
        .addFusedOfTwo(
            "EmbedLayerNormalization",
            "embeddings",
            List.of(real("epsilon", epsilon)),
            GraphNodes.given(
                nodes.nodes().cast("ids", nodes.tokenIds(), GraphNodes.INT32),
                "",
                WORDS,
                POSITIONS,
                "",
                nodes.vector(NORM + "weight", width),
                nodes.vector(NORM + "bias", width),
                "",
                positions));
  }

  /** Rows of the position table, int64 {@code [rows, tokens]}: padding + 1, padding + 2, ... */
  private String positionIds(GraphNodes nodes, EncoderNodes encoder) {
    String padId = nodes.longs("padding_id", padding.orElseThrow());
    String isPadding = nodes.add("Equal", "is_padding", encoder.tokenIds(), padId);
    String counted =
        nodes.cast("counted", nodes.add("Not", "is_token", isPadding), GraphNodes.INT64);
    String count = nodes.add("CumSum", "count", counted, nodes.longs("token_axis", 1));
    return nodes.add(
        "Add", "position_ids", nodes.add("Mul", "count_or_zero", count, counted), padId);
  }

  /** A float16 word table would make the fused operator compute in float16. */
  private String wide(EncoderNodes encoder) {
    GraphNodes nodes = encoder.nodes();
    String found = nodes.add("Gather", "word_vectors", WORDS, encoder.tokenIds());
    String positions = positionVectors(encoder);
    String words = nodes.cast("wide_words", found, GraphNodes.FLOAT);
    return nodes.layerNormalization(
        "embeddings",
        nodes.add("Add", "embedding_sum", words, positions),
        encoder.vector(NORM + "weight", width),
        encoder.vector(NORM + "bias", width),
        epsilon);
  }

  private String positionVectors(EncoderNodes encoder) {
    GraphNodes nodes = encoder.nodes();
    if (padding.isPresent()) {
      return nodes.add("Gather", "position_vectors", POSITIONS, positionIds(nodes, encoder));
    }
    String length = nodes.lengthOfAxisOne("token_count", encoder.tokenIds());
    String zero = nodes.longs("zero", 0);
    return nodes.add("Slice", "position_vectors", POSITIONS, zero, length, zero);
  }

  /** Number of rows of the position table: those before the first position only count padding. */
  private int rows() {
    return padding.isPresent() ? shape.positions() : shape.maxTokens();
  }

  /** Rows of the position table, each with token type 0 added. */
  private float[] positionTable(EncoderNodes nodes) {
    float[] all = nodes.floats("embeddings.position_embeddings.weight", shape.positions(), width);
    float[] types =
        tokenTypes == 0
            ? new float[width]
            : nodes.floats("embeddings.token_type_embeddings.weight", tokenTypes, width);
    float[] table = new float[rows() * width];
    int skipped = all.length - table.length;
    for (int i = 0; i < table.length; i++) {
      table[i] = all[skipped + i] + types[i % width];
    }
    return table;
  }
}
