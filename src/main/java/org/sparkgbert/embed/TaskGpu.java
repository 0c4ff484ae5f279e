package org.sparkgbert.embed;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.sparkgbert.encode.EncoderSettings;

/** The GPU that Spark assigned to the running task. */
final class TaskGpu {
  private TaskGpu() {}

  /** The settings with the task's GPU, or as they are if Spark assigned none. */
  static EncoderSettings assign(EncoderSettings settings) {
    TaskContext task = TaskContext.get();
    Map<String, ResourceInformation> resources = task == null ? Map.of() : task.resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return gpu == null || gpu.addresses().length == 0
        ? settings
        : settings.withDevice(settings.device().withGpuAddress(gpu.addresses()[0]));
  }
}
