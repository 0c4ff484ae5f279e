package org.sparkgbert.encode;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.sparkgbert.batch.Batch;
import org.sparkgbert.batch.TokenMatrix;
import org.sparkgbert.model.Bundle;

/** Opens a model on the device that was asked for, and tries it there for real. */
final class Sessions {
  private Sessions() {}

  /**
   * A model on its device.
   *
   * @param runner the model
   * @param device where it runs
   * @param note why it does not run where {@code auto} would rather have it, empty otherwise
   */
  record Opened(BatchRunner runner, Device device, String note) {}

  /**
   * @throws DeviceException if a GPU was demanded and none is usable
   * @throws IllegalArgumentException if the bundle's graph cannot be loaded
   */
  static Opened open(Bundle bundle, DeviceSettings settings) {
    OnnxRuntimeJars.requireOne();
    return switch (settings.choice()) {
      case CPU -> cpu(bundle, settings, "");
      case CUDA -> cuda(bundle, settings);
      case AUTO -> {
        try {
          yield cuda(bundle, settings);
        } catch (DeviceException e) {
          yield cpu(bundle, settings, e.getMessage());
        }
      }
    };
  }

  private static Opened cpu(Bundle bundle, DeviceSettings settings, String note) {
    try (OrtSession.SessionOptions options = options(settings.threads())) {
      OnnxModel model = OnnxModel.load(bundle, options);
      return new Opened(model, new Device.Cpu(settings.threads()), note);
    } catch (OrtException e) {
      throw new IllegalArgumentException(
          "Cannot load %s: %s".formatted(bundle.model(), e.getMessage()), e);
    }
  }

  private static Opened cuda(Bundle bundle, DeviceSettings settings) {
    NvidiaDriver.require();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new DeviceException(
          "Cannot use CUDA: the ONNX Runtime on the class path was built without it, found "
              + OrtEnvironment.getAvailableProviders()
              + "; put onnxruntime_gpu there instead of onnxruntime");
    }
    int index = NvidiaDriver.indexOf(settings.gpuAddress(), System.getenv("CUDA_VISIBLE_DEVICES"));
    try (OrtSession.SessionOptions options = options(settings.threads());
        OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
      cuda.add("arena_extend_strategy", settings.arena().onnxRuntimeName());
      if (settings.gpuMemoryLimit() > 0) {
        cuda.add("gpu_mem_limit", Long.toString(settings.gpuMemoryLimit()));
      }
      options.addCUDA(cuda);
      BatchRunner runner = new OneThreadRunner(OnnxModel.load(bundle, options));
      tryOnce(runner);
      return new Opened(runner, new Device.Cuda(index), "");
    } catch (OrtException | EncodingException e) {
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

  /** A provider that was added may still fail when it runs. */
  private static void tryOnce(BatchRunner runner) {
    TokenMatrix matrix = new TokenMatrix();
    long[] tokens = new long[8];
    Arrays.fill(tokens, 1);
    matrix.fill(new Batch(new int[] {0}, tokens.length), List.of(tokens));
    try {
      runner.run(
          matrix,
          ByteBuffer.allocateDirect(runner.dimension() * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer());
    } catch (EncodingException e) {
      runner.close();
      throw e;
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("no reason given");
  }
}
