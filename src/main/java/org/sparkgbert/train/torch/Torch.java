package org.sparkgbert.train.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.OptionalInt;
import org.sparkgbert.tokenize.NativeLibrary;

/**
 * PyTorch, as DJL loads it: once per JVM.
 *
 * <p>Its threads wait for each other several hundred times per step. By default they do so by
 * spinning, and on a machine where others run too, a step was measured to take 30 times as long as
 * with one thread. They spin only until the environment variable {@code OMP_WAIT_POLICY} says
 * {@code passive}, which only who starts the JVM can set; the launchers in {@code jobs} do.
 */
public final class Torch {
  private static final String NAME = "PyTorch";
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String PROVIDER = "ai.djl.pytorch.engine.PtEngineProvider";

  private Torch() {}

  /**
   * Number of GPUs that PyTorch can use; 0 with jars for the CPU.
   *
   * @throws TorchException if PyTorch's jars are missing, or its library cannot be loaded
   */
  public static int gpus() {
    return engine().getGpuCount();
  }

  /**
   * Version of PyTorch, for manifests.
   *
   * @throws TorchException if PyTorch's jars are missing, or its library cannot be loaded
   */
  public static String version() {
    return engine().getVersion();
  }

  /**
   * Number of threads that PyTorch computes with on a CPU: what the system property {@code
   * ai.djl.pytorch.num_threads} says, else one per processor if {@code OMP_WAIT_POLICY} is {@code
   * passive}, else one.
   */
  public static int threads() {
    boolean passive = "passive".equalsIgnoreCase(System.getenv("OMP_WAIT_POLICY"));
    return Integer.getInteger(THREADS, passive ? Runtime.getRuntime().availableProcessors() : 1);
  }

  /** The engine, loaded on first use. */
  static Engine engine() {
    requireJars();
    NativeLibrary.prepare();
    System.setProperty(THREADS, "" + threads());
    try {
      return Engine.getEngine(NAME);
    } catch (EngineException | LinkageError | IllegalStateException e) {
      throw new TorchException(
          "Cannot load PyTorch: its library must fit this machine, found " + reason(e), e);
    }
  }

  /**
   * A manager on a device, owned by the caller.
   *
   * @throws IllegalArgumentException if there is no such GPU
   */
  static NDManager newManager(OptionalInt gpu) {
    int gpus = gpus();
    if (gpu.isPresent() && gpu.getAsInt() >= gpus) {
      throw new IllegalArgumentException(
          "Cannot train on GPU %d: PyTorch must see it, found %d GPUs"
              .formatted(gpu.getAsInt(), gpus));
    }
    return engine().newBaseManager(gpu.isPresent() ? Device.gpu(gpu.getAsInt()) : Device.cpu());
  }

  private static void requireJars() {
    try {
      Class.forName(PROVIDER, false, Torch.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new TorchException(
          "Cannot load PyTorch: the class path must have the jars that target/training.classpath"
              + " lists, found none of them; build first, and start training with jobs/train.sh",
          e);
    }
  }

  /** First line of the innermost message. */
  static String reason(Throwable error) {
    Throwable inner = error;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    return String.valueOf(inner.getMessage()).lines().findFirst().orElse("no message");
  }
}
