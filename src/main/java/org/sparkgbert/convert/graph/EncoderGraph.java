package org.sparkgbert.convert.graph;

import static org.sparkgbert.onnx.GraphNodes.real;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sparkgbert.convert.checkpoint.Weights;
import org.sparkgbert.onnx.GraphNodes;

/**
 * Writes the graph of a BERT or XLM-RoBERTa encoder with a head, out of ONNX Runtime's fused
 * operators.
 *
 * <p>Token ids are looked up in the word table; token type 0, the only one in use, is folded into
 * the position table. Each layer is Attention with query, key and value in one matrix,
 * SkipLayerNormalization, and a feed-forward layer with BiasGelu. With float16 the matrices and
 * what is multiplied by them are float16, while the residual stream, LayerNorm, pooling and the
 * output stay float32, and softmax is computed in float32 inside Attention. With int8 only the
 * matrices of the layers are int8: see {@link #writeInt8}.
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

  /** How what is not a matrix of a layer is stored. */
  private final ElementType type;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sentence_encoder");
  private final GraphNodes nodes = new GraphNodes(graph, OPSET);
  private final List<StreamedTensor> streamed = new ArrayList<>();
  private final EncoderLayers layers;

  private EncoderGraph(EncoderShape shape, Weights weights, ElementType type, boolean observed) {
    this.shape = shape;
    this.weights = new EncoderWeights(weights);
    this.type = type;
    FloatLayers.Observer observer = observed ? this::observe : (name, input, width) -> {};
    this.layers = new FloatLayers(shape, this.weights, type, nodes, streamed, observer);
  }

  private EncoderGraph(EncoderShape shape, Weights weights, Map<String, InputQuantization> inputs) {
    this.shape = shape;
    this.weights = new EncoderWeights(weights);
    this.type = ElementType.FLOAT32;
    this.layers = new Int8Layers(shape, this.weights, nodes, streamed, inputs);
  }

  /**
   * Writes a graph with the inputs {@code input_ids} and {@code attention_mask} and the output
   * {@code sentence_embedding}.
   *
   * @param file where; a second file beside it holds the weights if they pass 2 GB
   * @param weights the checkpoint's tensors
   * @param type how matrices are stored, float32 or float16
   * @return names of tensors in the checkpoint that are unknown and were left out
   * @throws IllegalArgumentException if a tensor is missing, has another shape, or values that are
   *     not finite; or if the type is int8, which needs {@link #writeInt8}
   * @throws IOException if the file cannot be written
   */
  public static List<String> write(
      Path file, EncoderShape shape, Weights weights, ElementType type, Head head)
      throws IOException {
    if (type == ElementType.INT8) {
      throw new IllegalArgumentException(
          "Cannot write graph: int8 needs observations of its inputs");
    }
    return new EncoderGraph(shape, weights, type, false).write(file, head);
  }

  /**
   * Writes the float32 graph with more outputs, which {@link Observations} gather. They count every
   * token, so it is to be run without padding.
   *
   * @throws IllegalArgumentException as {@link #write}
   * @throws IOException if the file cannot be written
   */
  public static void writeObserved(Path file, EncoderShape shape, Weights weights, Head head)
      throws IOException {
    new EncoderGraph(shape, weights, ElementType.FLOAT32, true).write(file, head);
  }

  /**
   * Writes a graph whose layers multiply in int8, for CPUs.
   *
   * @param seen what their inputs are like
   * @param channelsPerOutlier one input channel in that many, those with the most extreme values,
   *     is multiplied in float32
   * @return names of tensors in the checkpoint that are unknown and were left out
   * @throws IllegalArgumentException as {@link #write}
   * @throws IOException if the file cannot be written
   */
  public static List<String> writeInt8(
      Path file,
      EncoderShape shape,
      Weights weights,
      Head head,
      Observations seen,
      int channelsPerOutlier)
      throws IOException {
    return new EncoderGraph(shape, weights, seen.quantize(channelsPerOutlier)).write(file, head);
  }

  private List<String> write(Path file, Head head) throws IOException {
    build(head);
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("spark-gbert")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(GraphNodes.MICROSOFT).setVersion(1))
            .setGraph(graph)
            .build();
    OnnxFile.write(file, model, streamed);
    return weights.unknown();
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
    streamed.add(
        StreamedTensor.whole(
            "embeddings.positions",
            ElementType.FLOAT32,
            this::positionTable,
            shape.maxTokens(),
            hidden));
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
    String attended = layers.attention(name, hidden, mask);
    String first = addAndNormalize(name + "attention.output.", hidden, attended);
    String wide = layers.product(name + EncoderLayers.INTERMEDIATE, first, width, inner);
    String active =
        nodes.addFused(
            shape.tanhGelu() ? "FastGelu" : "BiasGelu",
            name + "gelu",
            List.of(),
            wide,
            layers.bias(name + EncoderLayers.INTERMEDIATE, inner));
    String output = layers.product(name + EncoderLayers.OUTPUT, active, inner, width);
    return addAndNormalize(name + "output.", first, output);
  }

  private String addAndNormalize(String name, String hidden, String added) {
    return nodes.addFused(
        "SkipLayerNormalization",
        name + "norm",
        List.of(real("epsilon", shape.layerNormEpsilon())),
        hidden,
        added,
        vector(name + "LayerNorm.weight"),
        vector(name + "LayerNorm.bias"),
        layers.bias(name + "dense", shape.hiddenSize()));
  }

  /** A float32 vector of the hidden size. */
  private String vector(String name) {
    int length = shape.hiddenSize();
    return nodes.floats(name, weights.floats(name, length), length);
  }

  /** Gives range and sum of each channel of an input, over all tokens, as outputs of the graph. */
  private void observe(String name, String input, int width) {
    output(nodes.reduceToHidden("ReduceMin", name + Observations.LEAST, input), width);
    output(nodes.reduceToHidden("ReduceMax", name + Observations.LARGEST, input), width);
    output(nodes.reduceToHidden("ReduceSum", name + Observations.SUM, input), width);
  }

  private void output(String name, int width) {
    graph.addOutput(GraphNodes.value(name, GraphNodes.FLOAT, width));
  }
}
