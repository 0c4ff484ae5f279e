package org.sparkgbert.train.torch;

import java.util.List;

/** The tensors of a checkpoint, read one at a time: all of them may be larger than the heap. */
public interface WeightSource {
  /**
   * Names of all tensors, in the order of a checkpoint. A trainer asks a source that it is opened
   * from only for the tensors of its own {@link TensorShapes}; further ones are ignored.
   */
  List<String> names();

  /**
   * Reads a tensor.
   *
   * @return a copy, owned by the caller
   * @throws IllegalArgumentException if there is none of this name
   */
  WeightTensor read(String name);
}
