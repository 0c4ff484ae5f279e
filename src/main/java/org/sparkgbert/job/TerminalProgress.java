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
 * Shows the progress of an action: on a terminal a line that redraws itself, with a bar if rows or
 * bytes are counted, and stays if its stage took more than a second; in a log a line every half
 * minute.
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
  private String stage = "";
  private boolean isDrawnAtEnd;
  private long start;

  TerminalProgress(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void note(String text) {
    boolean overBar = drawing != null && console.isTerminal();
    if (overBar) {
      console.redraw("");
    }
    console.note(text);
    if (overBar) {
      draw();
    }
  }

  @Override
  public synchronized void begin(String name) {
    end();
    stage = name;
    show(() -> ProgressLine.ofStage(name, elapsed()), false);
    if (console.isTerminal()) {
      draw();
    }
  }

  @Override
  public void steps(long done, long total, String noun) {
    show(() -> ProgressLine.ofSteps(stage, done, total, noun, elapsed()), false);
  }

  @Override
  public void steps(long done, long total, String noun, String detail) {
    show(() -> ProgressLine.ofSteps(done, total, noun, detail, elapsed()), true);
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
      if (isDrawnAtEnd || (console.isTerminal() && elapsed().compareTo(REDRAW) > 0)) {
        draw();
        console.note("");
      } else if (console.isTerminal()) {
        console.redraw("");
      }
    }
  }

  @Override
  public void close() {
    end();
    clock.shutdownNow();
  }
}
