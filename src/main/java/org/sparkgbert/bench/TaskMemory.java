package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * The memory of concurrent tasks, which share one model.
 *
 * @param tasks number of concurrent tasks, more than one
 * @param oneTaskBytes peak resident memory of a job with one task at a time
 * @param tasksBytes the same with concurrent tasks, on the same texts
 * @param ratio {@code tasksBytes} over {@code oneTaskBytes}
 */
@JsonNaming(SnakeCaseStrategy.class)
public record TaskMemory(
    int tasks, MedianAndRange oneTaskBytes, MedianAndRange tasksBytes, MedianAndRange ratio) {
  /**
   * @throws IllegalArgumentException if there are fewer than two tasks
   */
  public TaskMemory {
    Checks.positive("tasks beyond the first", tasks - 1.0);
    Objects.requireNonNull(oneTaskBytes, "oneTaskBytes");
    Objects.requireNonNull(tasksBytes, "tasksBytes");
    Objects.requireNonNull(ratio, "ratio");
  }
}
