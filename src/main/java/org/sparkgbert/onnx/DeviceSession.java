package org.sparkgbert.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/**
 * A session and the thread that runs it: one dedicated thread on CUDA, the calling thread on a CPU.
 *
 * <p><b>Ownership:</b> owns the session and the thread.
 *
 * @param session the session
 * @param thread runs the session; null if any thread may
 */
record DeviceSession(OrtSession session, OneThread thread) implements AutoCloseable {
  static DeviceSession on(Device device, OrtSession session) {
    return new DeviceSession(session, device instanceof Device.Cpu ? null : new OneThread());
  }

  /** Whether the session runs on a GPU. */
  boolean isOnGpu() {
    return thread != null;
  }

  /**
   * Does work with the session, on its thread.
   *
   * @param what what the work does, as in "Cannot multiply"
   * @throws OnnxException if the work throws it
   */
  void run(String what, Runnable work) {
    if (thread == null) {
      work.run();
    } else {
      thread.run(what, work);
    }
  }

  /**
   * Runs the session once, which may fail although opening it did not.
   *
   * @param run a run of this session
   * @throws OnnxException if the run throws it; the session is then closed
   */
  void tryOnce(Runnable run) {
    try {
      run.run();
    } catch (OnnxException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      if (thread != null) {
        thread.close();
      }
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot close a session of ONNX Runtime", e);
    }
  }
}
