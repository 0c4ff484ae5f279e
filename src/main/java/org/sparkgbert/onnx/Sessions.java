package org.sparkgbert.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Map;
import org.sparkgbert.model.Bundle;

/** Opens sessions on the device that was asked for. */
public final class Sessions {
  /** Bundles of this precision are for CPUs: on GPUs it is slower than float32. */
  private static final String CPU_PRECISION = "int8";

  private Sessions() {}

  /**
   * Loads the native library of ONNX Runtime, as the first session would.
   *
   * @throws IllegalStateException if the class path has more than one
   */
  public static void loadLibrary() {
    OnnxRuntimeJars.requireOne();
    OnnxModel.environment();
  }

  /**
   * A session on its device.
   *
   * @param runner owner of the session
   * @param device where it runs
   * @param note why it does not run on the device that {@code auto} prefers; empty otherwise
   */
  public record Opened<T>(T runner, Device device, String note) {}

  /**
   * Opens a session for a device.
   *
   * @param <T> its owner
   */
  @FunctionalInterface
  interface Opener<T> {
    /**
     * On CUDA it also runs the session once: a provider that was added may still fail when it runs.
     *
     * @param options settings of the session; the caller closes them
     */
    T open(OrtSession.SessionOptions options, Device device) throws OrtException;
  }

  /**
   * Opens a bundle's model.
   *
   * @throws DeviceException if a GPU was required and none is usable, or the bundle is for CPUs
   * @throws IllegalArgumentException if the bundle's graph cannot be loaded
   */
  public static Opened<BatchRunner> open(Bundle bundle, DeviceSettings settings) {
    if (!bundle.manifest().precision().equals(CPU_PRECISION)) {
      return openAnywhere(bundle, settings);
    }
    String reason =
        "Cannot use CUDA: int8 is for CPUs, found model %s in int8; import it in float16 for GPUs"
            .formatted(bundle.manifest().name());
    if (settings.choice() == DeviceChoice.CUDA) {
      throw new DeviceException(reason);
    }
    Opened<BatchRunner> opened = openAnywhere(bundle, settings.withChoice(DeviceChoice.CPU));
    return settings.choice() == DeviceChoice.CPU
        ? opened
        : new Opened<>(opened.runner(), opened.device(), reason);
  }

  private static Opened<BatchRunner> openAnywhere(Bundle bundle, DeviceSettings settings) {
    return open(
        bundle.model().toString(),
        settings,
        Map.of(),
        (options, device) -> OnnxModel.load(bundle, options, device));
  }

  /**
   * Opens a session with an opener.
   *
   * @param what its name in error messages
   * @param cudaOptions options of ONNX Runtime's CUDA provider, besides those of the settings
   * @throws DeviceException if a GPU was required and none is usable
   * @throws IllegalArgumentException if the graph cannot be loaded
   */
  static <T> Opened<T> open(
      String what, DeviceSettings settings, Map<String, String> cudaOptions, Opener<T> opener) {
    OnnxRuntimeJars.requireOne();
    return switch (settings.choice()) {
      case CPU -> cpu(what, settings, "", opener);
      case CUDA -> cuda(settings, cudaOptions, opener);
      case AUTO -> {
        try {
          yield cuda(settings, cudaOptions, opener);
        } catch (DeviceException e) {
          yield cpu(what, settings, e.getMessage(), opener);
        }
      }
    };
  }

  private static <T> Opened<T> cpu(
      String what, DeviceSettings settings, String note, Opener<T> opener) {
    Device device = new Device.Cpu(settings.threads());
    try (OrtSession.SessionOptions options = options(settings.threads())) {
      return new Opened<>(opener.open(options, device), device, note);
    } catch (OrtException e) {
      throw new IllegalArgumentException("Cannot load %s: %s".formatted(what, e.getMessage()), e);
    }
  }

  private static <T> Opened<T> cuda(
      DeviceSettings settings, Map<String, String> cudaOptions, Opener<T> opener) {
    NvidiaDriver.require();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new DeviceException(
          "Cannot use CUDA: the ONNX Runtime on the class path was built without it, found "
              + OrtEnvironment.getAvailableProviders()
              + "; put onnxruntime_gpu there instead of onnxruntime");
    }
    int index = NvidiaDriver.indexOf(settings.gpuAddress(), System.getenv("CUDA_VISIBLE_DEVICES"));
    Device device = new Device.Cuda(index);
    try (OrtSession.SessionOptions options = options(settings.threads());
        OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
      cuda.add("arena_extend_strategy", settings.arena().onnxRuntimeName());
      if (settings.gpuMemoryLimit() > 0) {
        cuda.add("gpu_mem_limit", Long.toString(settings.gpuMemoryLimit()));
      }
      for (Map.Entry<String, String> option : cudaOptions.entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      options.addCUDA(cuda);
      return new Opened<>(opener.open(options, device), device, "");
    } catch (OrtException | OnnxException e) {
      throw new DeviceException(
          "Cannot use CUDA device %d: %s".formatted(index, firstLine(e.getMessage())), e);
    }
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    return options;
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("no reason given");
  }
}
