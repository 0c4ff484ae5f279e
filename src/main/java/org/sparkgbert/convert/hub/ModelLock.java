package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to write to one model's part of the cache: a file lock of the operating system excludes
 * other processes, and a lock inside this JVM excludes other threads.
 */
final class ModelLock implements AutoCloseable {
  private static final Map<Path, ReentrantLock> OF_THIS_JVM = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;

  private ModelLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  /** Does work under the lock; waits for it, and says so if another process holds it. */
  static void holding(Path file, DownloadListener listener, Runnable work) {
    ModelLock lock = acquire(file, listener);
    try (lock) {
      work.run();
    }
  }

  private static ModelLock acquire(Path file, DownloadListener listener) {
    ReentrantLock threads = OF_THIS_JVM.computeIfAbsent(file, key -> new ReentrantLock());
    threads.lock();
    try {
      return new ModelLock(threads, lock(file, listener));
    } catch (IOException e) {
      threads.unlock();
      throw new UncheckedIOException("Cannot lock " + file + ": " + e, e);
    }
  }

  private static FileChannel lock(Path file, DownloadListener listener) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        listener.note("waiting for another process that is downloading the same model");
        channel.lock();
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unlock the cache: " + e, e);
    } finally {
      threads.unlock();
    }
  }
}
