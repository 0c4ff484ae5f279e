package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Objects;

/**
 * What the machine reaches when it does nothing but a model's matrix products, through the same
 * ONNX Runtime and as concurrently as the job does.
 *
 * @param precision {@code float32}, {@code float16} or {@code int8}
 * @param cores concurrent runs of one thread each
 * @param rows tokens of a product, the count that was fastest
 * @param gigaflops all products together, each as often as the model has it, in 10^9 a second
 * @param products each alone
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Limit(
    String precision, int cores, int rows, MedianAndRange gigaflops, List<Product> products) {
  /**
   * @throws IllegalArgumentException if a count is not positive, or there is no product
   */
  public Limit {
    Objects.requireNonNull(precision, "precision");
    Objects.requireNonNull(gigaflops, "gigaflops");
    Checks.positive("cores", cores);
    Checks.positive("rows", rows);
    products = List.copyOf(products);
    Checks.positive("products", products.size());
  }

  /**
   * One product: {@code [rows, depth] x [depth, columns]}.
   *
   * @param name which of the model's linear layers it is
   * @param depth length of the sums
   * @param columns width of the result
   * @param gigaflops its speed, in 10^9 a second
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Product(String name, int depth, int columns, MedianAndRange gigaflops) {
    /**
     * @throws IllegalArgumentException if a size is not positive
     */
    public Product {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(gigaflops, "gigaflops");
      Checks.positive("depth", depth);
      Checks.positive("columns", columns);
    }
  }
}
