package org.sparkgbert.cluster;

import java.io.Serializable;

/**
 * A row on its way to the map. It is no record, since Kryo cannot serialize those.
 *
 * <p><b>Ownership:</b> the vector is not copied.
 */
final class SampledRow implements Serializable {
  private static final long serialVersionUID = 1L;

  private final double[] vector;
  private final int cluster;
  private final String text;

  SampledRow(double[] vector, int cluster, String text) {
    this.vector = vector;
    this.cluster = cluster;
    this.text = text;
  }

  /** The vector that its cluster was found by. */
  double[] vector() {
    return vector;
  }

  /** Its cluster. */
  int cluster() {
    return cluster;
  }

  /** Its text, or its start. */
  String text() {
    return text;
  }
}
