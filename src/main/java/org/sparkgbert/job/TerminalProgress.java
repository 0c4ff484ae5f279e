package org.sparkgbert.job;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.sparkgbert.action.Progress;

/**
 * Shows the progress of an action: if rows or bytes are counted, a bar that redraws itself on a
 * terminal, else a line every half minute.
 *
 * <p><b>Ownership:</b> owns its thread.
 *
 * <p><b>Threads:</b> safe.
 */
final class TerminalProgress implements Progress, AutoCloseable {
  private static final Duration REDRAW = Duration.ofSeconds(1);
  private static final Duration LINE = Duration.ofSeconds(30);

  private final Console console;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          BasicThreadFactory.builder().namingPattern("spark-gbert-progress").daemon(true).build());
  private ScheduledFuture<?> drawing;
  private Supplier<String> line = () -> "";
  private boolean isDrawnAtEnd;
  private long start;

  TerminalProgress(Console console) {
    this.console = console;
  }

  @Override
  public void note(String text) {
    console.note(text);
  }

  @Override
  public void rows(long done, OptionalLong total) {
    show(() -> ProgressLine.of(done, total, elapsed(), console.isTerminal()), console.isTerminal());
  }

  @Override
  public void bytes(long done, long total) {
    if (total > 0) {
      show(() -> ProgressLine.ofBytes(done, total), true);
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private synchronized void show(Supplier<String> newLine, boolean atEnd) {
    line = newLine;
    isDrawnAtEnd = atEnd;
    if (drawing == null) {
      start = System.nanoTime();
      long period = (console.isTerminal() ? REDRAW : LINE).toMillis();
      drawing = clock.scheduleAtFixedRate(this::draw, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /** Shows the current progress. */
  synchronized void draw() {
    if (console.isTerminal()) {
      console.redraw(line.get());
    } else {
      console.note(line.get());
    }
  }

  @Override
  public synchronized void end() {
    if (drawing != null) {
      drawing.cancel(false);
      drawing = null;
      if (isDrawnAtEnd) {
        draw();
        console.note("");
      }
    }
  }

  @Override
  public void close() {
    end();
    clock.shutdownNow();
  }
}
