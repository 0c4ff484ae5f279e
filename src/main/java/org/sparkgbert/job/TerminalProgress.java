package org.sparkgbert.job;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.lang3.concurrent.BasicThreadFactory;
import org.sparkgbert.action.Progress;

/**
 * Shows how far an action has come: where rows are counted, a bar that redraws itself on a
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
  private long start;
  private long done;
  private OptionalLong total = OptionalLong.empty();

  TerminalProgress(Console console) {
    this.console = console;
  }

  @Override
  public void note(String line) {
    console.note(line);
  }

  @Override
  public synchronized void rows(long rowsDone, OptionalLong rows) {
    done = rowsDone;
    total = rows;
    if (drawing == null) {
      start = System.nanoTime();
      long period = (console.isTerminal() ? REDRAW : LINE).toMillis();
      drawing = clock.scheduleAtFixedRate(this::draw, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /** Shows how far it is now. */
  synchronized void draw() {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    String line = ProgressLine.of(done, total, took, console.isTerminal());
    if (console.isTerminal()) {
      console.redraw(line);
    } else {
      console.note(line);
    }
  }

  @Override
  public synchronized void end() {
    if (drawing != null) {
      drawing.cancel(false);
      drawing = null;
      if (console.isTerminal()) {
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
