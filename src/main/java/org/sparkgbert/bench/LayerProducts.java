package org.sparkgbert.bench;

import java.util.List;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.LayerProduct;
import org.sparkgbert.onnx.ProductPrecision;

/**
 * The matrix products of a model's linear layers in one precision.
 *
 * <p><b>Ownership:</b> owns their sessions.
 */
final class LayerProducts implements AutoCloseable {
  private static final int MOST_ROWS = 2048;
  private static final int[] ROWS = {256, 512, 1024, MOST_ROWS};

  private final ProductPrecision precision;
  private final List<Layer> layers;

  /** Number of tokens per product from now on. */
  private int rows = MOST_ROWS;

  /** A linear layer; the name identifies it. */
  record Layer(String name, int depth, int columns, LayerProduct product) {
    private static Layer open(
        String name, int depth, int columns, ProductPrecision precision, DeviceSettings device) {
      return new Layer(
          name, depth, columns, LayerProduct.open(precision, MOST_ROWS, depth, columns, device));
    }

    double weights() {
      return (double) depth * columns;
    }
  }

  private LayerProducts(ProductPrecision precision, List<Layer> layers) {
    this.precision = precision;
    this.layers = layers;
  }

  static LayerProducts open(ModelShape shape, ProductPrecision precision, DeviceSettings device) {
    int h = shape.hidden();
    return new LayerProducts(
        precision,
        List.of(
            Layer.open("query, key, value", h, 3 * h, precision, device),
            Layer.open("attention output", h, h, precision, device),
            Layer.open("feed-forward, first", h, shape.inner(), precision, device),
            Layer.open("feed-forward, second", shape.inner(), h, precision, device)));
  }

  ProductPrecision precision() {
    return precision;
  }

  /** Finds the fastest number of tokens per product. */
  void chooseRows(int callers, double seconds) {
    double best = 0;
    int fastest = rows;
    for (int candidate : ROWS) {
      rows = candidate;
      double speed = weighted(measure(callers, seconds));
      if (speed > best) {
        best = speed;
        fastest = candidate;
      }
    }
    rows = fastest;
  }

  /**
   * Multiplies for a while.
   *
   * @param seconds time for each layer
   * @return 10^9 operations per second of each layer, of all callers together
   */
  double[] measure(int callers, double seconds) {
    return layers.stream()
        .mapToDouble(
            layer ->
                Callers.run(callers, () -> speed(layer.product(), seconds)).stream()
                    .mapToDouble(Double::doubleValue)
                    .sum())
        .toArray();
  }

  private double speed(LayerProduct product, double seconds) {
    long start = System.nanoTime();
    double flop = 0;
    double took;
    do {
      flop += product.multiply(rows);
      took = (System.nanoTime() - start) / 1e9;
    } while (took < seconds);
    return flop / took / 1e9;
  }

  /** Speed of all layers together, each weighted by how often the model has it. */
  double weighted(double[] speeds) {
    double seconds = 0;
    for (int i = 0; i < speeds.length; i++) {
      seconds += layers.get(i).weights() / speeds[i];
    }
    return layers.stream().mapToDouble(Layer::weights).sum() / seconds;
  }

  /** The limit over all rounds, each as returned by {@link #measure}. */
  Limit limit(int cores, List<double[]> passes) {
    List<Limit.Product> products =
        layers.stream()
            .map(
                layer ->
                    new Limit.Product(
                        layer.name(),
                        layer.depth(),
                        layer.columns(),
                        MedianAndRange.of(
                            passes.stream()
                                .mapToDouble(pass -> pass[layers.indexOf(layer)])
                                .toArray())))
            .toList();
    return new Limit(
        precision.label(),
        cores,
        rows,
        MedianAndRange.of(passes.stream().mapToDouble(this::weighted).toArray()),
        products);
  }

  @Override
  public void close() {
    layers.forEach(layer -> layer.product().close());
  }
}
