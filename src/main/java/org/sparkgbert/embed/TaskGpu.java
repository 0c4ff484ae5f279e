package org.sparkgbert.embed;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.sparkgbert.onnx.DeviceSettings;

/** The GPU that Spark assigned to the running task. */
public final class TaskGpu {
  private TaskGpu() {}

  /** The settings with the task's GPU, or unchanged if Spark assigned none. */
  public static DeviceSettings assign(DeviceSettings settings) {
    TaskContext task = TaskContext.get();
    Map<String, ResourceInformation> resources = task == null ? Map.of() : task.resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return gpu == null || gpu.addresses().length == 0
        ? settings
        : settings.withGpuAddress(gpu.addresses()[0]);
  }
}
