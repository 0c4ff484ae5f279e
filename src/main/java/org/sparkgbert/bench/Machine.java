package org.sparkgbert.bench;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * The machine that was measured.
 *
 * @param cpu model of the CPU, or its architecture if the system does not report it
 * @param cores number of cores that Java sees
 * @param memoryBytes main memory; 0 if unknown
 * @param device where the models ran, such as {@code cpu} or {@code cuda:0}
 * @param system name and version of the operating system
 * @param java version of Java
 * @param onnxruntime version of ONNX Runtime
 * @param spark version of Spark; empty if no job was measured
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Machine(
    String cpu,
    int cores,
    long memoryBytes,
    String device,
    String system,
    String java,
    String onnxruntime,
    String spark) {
  /**
   * @throws IllegalArgumentException if there is no core or a size is negative
   */
  public Machine {
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(java, "java");
    Objects.requireNonNull(onnxruntime, "onnxruntime");
    Objects.requireNonNull(spark, "spark");
    Checks.positive("cores", cores);
    Checks.notNegative("memory", memoryBytes);
  }
}
