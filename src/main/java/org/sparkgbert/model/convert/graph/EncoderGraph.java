package org.sparkgbert.model.convert.graph;

import static org.sparkgbert.model.convert.graph.GraphNodes.integer;
import static org.sparkgbert.model.convert.graph.GraphNodes.real;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.sparkgbert.model.convert.checkpoint.Weights;

/**
 * Writes the graph of a BERT or XLM-RoBERTa encoder with a head, out of ONNX Runtime's fused
 * operators.
 *
 * <p>Token ids are looked up in the word table; token type 0, the only one in use, is folded into
 * the position table. Each layer is Attention with query, key and value in one matrix,
 * SkipLayerNormalization, and a feed-forward layer with BiasGelu. With float16 the matrices and
 * what is multiplied by them are float16, while the residual stream, LayerNorm, pooling and the
 * output stay float32, and softmax is computed in float32 inside Attention.
 *
 * <p><b>Source:</b> Devlin et al., "BERT", 2019; Conneau et al., "XLM-R", 2020; ONNX Runtime's
 * contrib operators.
 */
public final class EncoderGraph {
  /** The ONNX operator set that is written. */
  public static final int OPSET = 17;

  private static final int IR_VERSION = 8;

  private final EncoderShape shape;
  private final EncoderWeights weights;
  private final ElementType type;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sentence_encoder");
  private final GraphNodes nodes = new GraphNodes(graph, OPSET);
  private final List<StreamedTensor> streamed = new ArrayList<>();

  private EncoderGraph(EncoderShape shape, Weights weights, ElementType type) {
    this.shape = shape;
    this.weights = new EncoderWeights(weights);
    this.type = type;
  }

  /**
   * Writes a graph with the inputs {@code input_ids} and {@code attention_mask} and the output
   * {@code sentence_embedding}.
   *
   * @param file where; a second file beside it holds the weights if they pass 2 GB
   * @param weights the checkpoint's tensors
   * @param type how matrices are stored
   * @return names of tensors in the checkpoint that are unknown and were left out
   * @throws IllegalArgumentException if a tensor is missing, has another shape, or values that are
   *     not finite
   * @throws IOException if the file cannot be written
   */
  public static List<String> write(
      Path file, EncoderShape shape, Weights weights, ElementType type, Head head)
      throws IOException {
    EncoderGraph encoder = new EncoderGraph(shape, weights, type);
    encoder.build(head);
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("spark-gbert")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(GraphNodes.MICROSOFT).setVersion(1))
            .setGraph(encoder.graph)
            .build();
    OnnxFile.write(file, model, encoder.streamed);
    return encoder.weights.unknown();
  }

  private void build(Head head) {
    graph
        .addInput(GraphNodes.value(SentenceGraph.INPUT_IDS, GraphNodes.INT64, "rows", "tokens"))
        .addInput(
            GraphNodes.value(SentenceGraph.ATTENTION_MASK, GraphNodes.INT64, "rows", "tokens"))
        .addOutput(
            GraphNodes.value(
                SentenceGraph.OUTPUT,
                GraphNodes.FLOAT,
                "rows",
                head.dimension(shape.hiddenSize())));
    String mask = nodes.cast("mask", SentenceGraph.ATTENTION_MASK, GraphNodes.INT32);
    String hidden = embeddings();
    for (int layer = 0; layer < shape.layers(); layer++) {
      hidden = layer("encoder.layer." + layer + ".", hidden, mask);
    }
    new HeadNodes(nodes, hidden, SentenceGraph.ATTENTION_MASK).add(head, SentenceGraph.OUTPUT);
  }

  private String embeddings() {
    int hidden = shape.hiddenSize();
    String words = "embeddings.word_embeddings.weight";
    streamed.add(
        new StreamedTensor(
            words,
            type,
            new long[] {shape.vocabulary(), hidden},
            weights.stream(words, shape.vocabulary(), hidden)));
    whole("embeddings.positions", this::positionTable, shape.maxTokens(), hidden);
    return type == ElementType.FLOAT32 ? fusedEmbeddings(words) : wideEmbeddings(words);
  }

  private String fusedEmbeddings(String words) {
    String norm = "embeddings.LayerNorm.";
    return nodes.addFusedOfTwo(
        "EmbedLayerNormalization",
        "embeddings",
        List.of(real("epsilon", shape.layerNormEpsilon())),
        nodes.cast("ids", SentenceGraph.INPUT_IDS, GraphNodes.INT32),
        "",
        words,
        "embeddings.positions",
        "",
        vector(norm + "weight"),
        vector(norm + "bias"));
  }

  /** A float16 word table would make the fused operator compute in float16. */
  private String wideEmbeddings(String words) {
    String found = nodes.add("Gather", "word_vectors", words, SentenceGraph.INPUT_IDS);
    String length = nodes.lengthOfAxisOne("token_count", SentenceGraph.INPUT_IDS);
    String zero = nodes.longs("zero", 0);
    String positions =
        nodes.add("Slice", "position_vectors", "embeddings.positions", zero, length, zero);
    String sum =
        nodes.add(
            "Add", "embedding_sum", nodes.cast("wide_words", found, GraphNodes.FLOAT), positions);
    return nodes.layerNormalization(
        "embeddings",
        sum,
        vector("embeddings.LayerNorm.weight"),
        vector("embeddings.LayerNorm.bias"),
        shape.layerNormEpsilon());
  }

  /** Rows from the first position on, each with token type 0 added. */
  private float[] positionTable() {
    int hidden = shape.hiddenSize();
    float[] all =
        weights.floats("embeddings.position_embeddings.weight", shape.positions(), hidden);
    float[] types =
        weights.floats("embeddings.token_type_embeddings.weight", shape.tokenTypes(), hidden);
    float[] table = new float[shape.maxTokens() * hidden];
    int skipped = shape.firstPosition() * hidden;
    for (int i = 0; i < table.length; i++) {
      table[i] = all[skipped + i] + types[i % hidden];
    }
    return table;
  }

  private String layer(String name, String hidden, String mask) {
    int inner = shape.intermediateSize();
    int width = shape.hiddenSize();
    String attended =
        matMul(name + "attention.output.dense", attention(name, hidden, mask), width, width);
    String first = addAndNormalize(name + "attention.output.", hidden, attended);
    String wide = matMul(name + "intermediate.dense", narrow(name + "first", first), width, inner);
    String active =
        nodes.addFused(
            shape.tanhGelu() ? "FastGelu" : "BiasGelu",
            name + "gelu",
            List.of(),
            widen(name + "intermediate", wide),
            vector(name + "intermediate.dense.bias", inner));
    String output = matMul(name + "output.dense", narrow(name + "active", active), inner, width);
    return addAndNormalize(name + "output.", first, output);
  }

  private String attention(String name, String hidden, String mask) {
    String packed = name + "attention.qkv";
    whole(
        packed + ".weight", () -> packedWeights(name), shape.hiddenSize(), 3L * shape.hiddenSize());
    whole(packed + ".bias", () -> packedBiases(name), 3L * shape.hiddenSize());
    return nodes.addFused(
        "Attention",
        name + "attention",
        List.of(integer("num_heads", shape.heads())),
        narrow(name + "input", hidden),
        packed + ".weight",
        packed + ".bias",
        mask);
  }

  private float[] packedWeights(String name) {
    int width = shape.hiddenSize();
    float[] packed = new float[Math.multiplyExact(3 * width, width)];
    int column = 0;
    for (String part : List.of("query", "key", "value")) {
      float[] weight = weights.floats(name + "attention.self." + part + ".weight", width, width);
      for (int out = 0; out < width; out++, column++) {
        for (int in = 0; in < width; in++) {
          packed[in * 3 * width + column] = weight[out * width + in];
        }
      }
    }
    return packed;
  }

  private float[] packedBiases(String name) {
    int width = shape.hiddenSize();
    float[] packed = new float[3 * width];
    int at = 0;
    for (String part : List.of("query", "key", "value")) {
      float[] bias = weights.floats(name + "attention.self." + part + ".bias", width);
      System.arraycopy(bias, 0, packed, at, width);
      at += width;
    }
    return packed;
  }

  /** x W, with W {@code [out, in]} in the checkpoint and {@code [in, out]} in the graph. */
  private String matMul(String name, String input, int in, int out) {
    String weight = name + ".weight";
    StreamedTensor.Values values =
        target -> {
          float[] matrix = weights.floats(weight, out, in);
          float[] row = new float[out];
          for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
              row[o] = matrix[o * in + i];
            }
            target.accept(row, out);
          }
        };
    streamed.add(new StreamedTensor(weight, type, new long[] {in, out}, values));
    return nodes.add("MatMul", name, input, weight);
  }

  private String addAndNormalize(String name, String hidden, String added) {
    return nodes.addFused(
        "SkipLayerNormalization",
        name + "norm",
        List.of(real("epsilon", shape.layerNormEpsilon())),
        hidden,
        widen(name + "added", added),
        vector(name + "LayerNorm.weight"),
        vector(name + "LayerNorm.bias"),
        vector(name + "dense.bias"));
  }

  private String narrow(String name, String value) {
    return type == ElementType.FLOAT32
        ? value
        : nodes.cast(name + ".narrow", value, type.onnxType());
  }

  private String widen(String name, String value) {
    return type == ElementType.FLOAT32
        ? value
        : nodes.cast(name + ".wide", value, GraphNodes.FLOAT);
  }

  /** A float32 vector of the hidden size. */
  private String vector(String name) {
    return vector(name, shape.hiddenSize());
  }

  private String vector(String name, int length) {
    return nodes.floats(name, weights.floats(name, length), length);
  }

  /** A tensor that is computed when it is written, one at a time. */
  private void whole(String name, Supplier<float[]> values, long... dimensions) {
    ElementType stored = name.startsWith("embeddings.") ? ElementType.FLOAT32 : type;
    streamed.add(
        new StreamedTensor(
            name,
            stored,
            dimensions,
            target -> {
              float[] whole = values.get();
              target.accept(whole, whole.length);
            }));
  }
}
