package org.sparkgbert.convert;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;

/**
 * Every node and every constant of a model, wherever they are: in its graph, in the graphs inside
 * nodes, in its functions, and in its training information.
 */
final class OnnxContents {
  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<TensorProto> tensors = new ArrayList<>();

  OnnxContents(ModelProto model) {
    add(model.getGraph());
    model.getFunctionsList().forEach(function -> addNodes(function.getNodeList()));
    model
        .getTrainingInfoList()
        .forEach(
            training -> {
              add(training.getInitialization());
              add(training.getAlgorithm());
            });
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  List<TensorProto> tensors() {
    return tensors;
  }

  private void add(GraphProto graph) {
    tensors.addAll(graph.getInitializerList());
    graph.getSparseInitializerList().forEach(this::add);
    addNodes(graph.getNodeList());
  }

  private void addNodes(List<NodeProto> added) {
    nodes.addAll(added);
    added.forEach(node -> node.getAttributeList().forEach(this::add));
  }

  private void add(AttributeProto attribute) {
    tensors.add(attribute.getT());
    tensors.addAll(attribute.getTensorsList());
    add(attribute.getSparseTensor());
    attribute.getSparseTensorsList().forEach(this::add);
    add(attribute.getG());
    attribute.getGraphsList().forEach(this::add);
  }

  private void add(SparseTensorProto tensor) {
    tensors.add(tensor.getValues());
    tensors.add(tensor.getIndices());
  }
}
