package org.sparkgbert.convert.encoder;

import java.util.List;
import org.sparkgbert.convert.graph.Encoder;

/**
 * An architecture: which {@code config.json} files belong to it, what it reads from them and what
 * it rejects, the names of its tensors, and how its graph is built. To add one, write such a class
 * and list it in {@link EncoderFamilies}.
 */
interface EncoderFamily {
  /** The values of {@code model_type} that belong to it. */
  List<String> modelTypes();

  /** The keys that its {@code config.json} may have. */
  KnownKeys keys();

  /**
   * Reads an encoder.
   *
   * @throws IllegalArgumentException if a value is missing, out of range, or changes vectors in a
   *     way that is not supported; the message names it
   */
  Encoder read(EncoderConfig config);
}
