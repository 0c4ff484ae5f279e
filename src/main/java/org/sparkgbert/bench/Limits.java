package org.sparkgbert.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.ProductPrecision;

/**
 * The limits of one shape while they are being measured.
 *
 * <p><b>Ownership:</b> owns the sessions of its products.
 */
final class Limits implements AutoCloseable {
  private final List<LayerProducts> products = new ArrayList<>();
  private final Map<Key, List<double[]>> passes = new LinkedHashMap<>();

  private record Key(LayerProducts products, int cores) {}

  /** Opens the products to measure on a device, which must not be {@code AUTO}. */
  static Limits open(ModelShape shape, DeviceChoice device) {
    DeviceSettings chosen = DeviceSettings.auto(1).withChoice(device);
    ProductPrecision other =
        device == DeviceChoice.CUDA ? ProductPrecision.FLOAT16 : ProductPrecision.INT8;
    Limits limits = new Limits();
    for (ProductPrecision precision : List.of(ProductPrecision.FLOAT32, other)) {
      limits.products.add(LayerProducts.open(shape, precision, chosen));
    }
    return limits;
  }

  /** Warms up, and finds the fastest number of tokens per product. */
  void prepare(int cores, double seconds) {
    products.forEach(each -> each.chooseRows(cores, seconds));
  }

  /** Measures a round: all precisions, on each number of cores. */
  void measure(int[] coreCounts, double seconds) {
    for (LayerProducts each : products) {
      for (int cores : coreCounts) {
        passes
            .computeIfAbsent(new Key(each, cores), key -> new ArrayList<>())
            .add(each.measure(cores, seconds));
      }
    }
  }

  /** The limits that were measured. */
  List<Limit> limits() {
    return passes.entrySet().stream()
        .map(entry -> entry.getKey().products().limit(entry.getKey().cores(), entry.getValue()))
        .toList();
  }

  /** 10^9 operations per second, one value per round; empty for a precision without a limit. */
  double[] gigaflops(String precision, int cores) {
    return passes.entrySet().stream()
        .filter(
            entry ->
                entry.getKey().cores() == cores
                    && entry.getKey().products().precision().label().equals(precision))
        .flatMap(
            entry ->
                entry.getValue().stream().map(pass -> entry.getKey().products().weighted(pass)))
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  @Override
  public void close() {
    products.forEach(LayerProducts::close);
  }
}
