package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Objects;

/**
 * The speed that the machine reaches with nothing but a model's matrix products, in the same ONNX
 * Runtime and with the same concurrency as the job.
 *
 * @param precision {@code float32}, {@code float16} or {@code int8}
 * @param cores number of concurrent runs, with one thread each
 * @param rows number of tokens per product that was fastest
 * @param gigaflops speed of all products together, each weighted by how often the model has it, in
 *     10^9 per second
 * @param products each product alone
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
   * @param gigaflops its speed, in 10^9 per second
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
