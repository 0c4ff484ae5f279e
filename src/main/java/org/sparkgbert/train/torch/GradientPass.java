package org.sparkgbert.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradients of one step. All its arrays belong to the step's manager, gradients included: what
 * one step computes, finite or not, cannot reach the next.
 */
final class GradientPass {
  private final EncoderPass encoder;
  private final EncoderSpecification specification;
  private final PairLoss loss;
  private final NDManager step;
  private final Map<String, NDArray> leaves = new LinkedHashMap<>();

  /**
   * @param weights all arrays of the encoder
   * @param trained those of them that get gradients
   * @param step owner of all arrays that are made here
   */
  GradientPass(
      EncoderSpecification specification,
      TrainerSettings settings,
      Map<String, NDArray> weights,
      List<TrainedTensor> trained,
      EncoderConstants constants,
      NDManager step) {
    this.specification = specification;
    this.loss = PairLoss.of(settings.loss());
    this.step = step;
    trained.forEach(tensor -> leaves.put(tensor.name(), tensor.newLeaf(step)));
    Map<String, NDArray> inputs = new HashMap<>(weights);
    inputs.putAll(leaves);
    this.encoder = new EncoderPass(specification, inputs, constants, settings.dropout());
  }

  /**
   * Adds the gradients of a batch, divided by the number of batches; returns its loss. A loss that
   * is not finite adds nothing.
   */
  float add(TokenLayout tokens, float[] labels, int batches) {
    try (NDManager batch = step.newSubManager();
        GradientCollector collector = Torch.engine().newGradientCollector()) {
      TokenArrays arrays = new TokenArrays(tokens, specification, batch);
      NDList sides = encoder.vectors(arrays).split(2);
      NDArray found = loss.of(sides.get(0), sides.get(1), labels, batch);
      float value = found.getFloat();
      if (Float.isFinite(value)) {
        collector.backward(found.mul(NativeTensors.scalar(batch, 1.0 / batches)));
      }
      return value;
    }
  }

  /** The gradient of a tensor. */
  NDArray gradient(TrainedTensor tensor) {
    return leaves.get(tensor.name()).getGradient();
  }

  /** The norm of gradients, taken together; not finite if one of them is not. */
  static float norm(List<NDArray> gradients) {
    NDList norms = new NDList();
    gradients.forEach(gradient -> norms.add(gradient.norm()));
    return NDArrays.stack(norms).norm().getFloat();
  }
}
