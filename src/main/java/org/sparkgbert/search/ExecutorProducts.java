package org.sparkgbert.search;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.sparkgbert.onnx.BlockProduct;
import org.sparkgbert.onnx.CodeProduct;
import org.sparkgbert.onnx.DeviceSettings;

/**
 * The sessions and the memory of this JVM for products of blocks: one session per device, and as
 * many workspaces as tasks have ever run at once. They live as long as the JVM.
 */
final class ExecutorProducts {
  private static final Map<DeviceSettings, BlockProduct> PRODUCTS = new ConcurrentHashMap<>();
  private static final Map<Integer, CodeProduct> CODE_PRODUCTS = new ConcurrentHashMap<>();
  private static final Queue<Workspace> IDLE = new ConcurrentLinkedQueue<>();

  private ExecutorProducts() {}

  /** The session of all tasks with the same settings; the first opens it, and the others wait. */
  static BlockProduct shared(DeviceSettings settings) {
    return PRODUCTS.computeIfAbsent(settings, BlockProduct::open);
  }

  /** The session for codes of all tasks with as many threads, likewise. */
  static CodeProduct sharedForCodes(int threads) {
    return CODE_PRODUCTS.computeIfAbsent(threads, CodeProduct::open);
  }

  /** Lends a workspace to a function, which must not keep it. */
  static <T> T withWorkspace(Function<Workspace, T> user) {
    Workspace lent = IDLE.poll();
    Workspace workspace = lent == null ? new Workspace() : lent;
    try {
      return user.apply(workspace);
    } finally {
      IDLE.add(workspace);
    }
  }
}
