package org.sparkgbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Lines over steps, as an SVG inside a page. Its text stays readable on a phone, since the picture
 * is hardly wider than one.
 *
 * @param label what it shows, for those who do not see it
 * @param series the lines, drawn one above the other
 * @param chosen the step whose point in the last series is ringed, if any
 * @param tick writes a value beside its line
 */
record LineChart(
    String label, List<Series> series, OptionalDouble chosen, DoubleFunction<String> tick) {
  /**
   * A line.
   *
   * @param style its class
   * @param hasPoints whether its points are marked
   * @param points in the order of their steps
   */
  record Series(String style, boolean hasPoints, List<Point> points) {}

  /**
   * A point.
   *
   * @param step how far along
   * @param value how high
   */
  record Point(double step, double value) {}

  private static final int WIDTH = 460;
  private static final int HEIGHT = 260;
  private static final int LEFT = 58;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 40;
  private static final int TICKS = 5;
  private static final int MOST_POINTS = 300;

  /** One point for several steps where there are many: the mean of their values. */
  static List<Point> overSteps(List<Double> values) {
    int width = Math.max(1, (values.size() + MOST_POINTS - 1) / MOST_POINTS);
    List<Point> points = new ArrayList<>();
    for (int from = 0; from < values.size(); from += width) {
      List<Double> part = values.subList(from, Math.min(values.size(), from + width));
      points.add(new Point(from + (part.size() + 1) / 2.0, mean(part)));
    }
    return points;
  }

  /** The mean of the values around each step, a twentieth of all to either side. */
  static List<Point> smooth(List<Double> values) {
    int reach = Math.max(1, values.size() / 40);
    List<Double> smooth = new ArrayList<>(values.size());
    double[] sums = new double[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      sums[i + 1] = sums[i] + values.get(i);
    }
    for (int i = 0; i < values.size(); i++) {
      int from = Math.max(0, i - reach);
      int to = Math.min(values.size(), i + reach + 1);
      smooth.add((sums[to] - sums[from]) / (to - from));
    }
    return overSteps(smooth);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** The picture; a sentence if there is nothing to draw. */
  String html() {
    double[] values = values().toArray();
    if (values.length == 0) {
      return "<p class=\"lead\">There is nothing to draw.</p>";
    }
    Axis x = Axis.over(0, steps().max().orElse(1));
    Axis y =
        Axis.over(DoubleStream.of(values).min().orElse(0), DoubleStream.of(values).max().orElse(1));
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, Html.escape(label)));
    for (double at : y.ticks()) {
      double height = y(y, at);
      svg.append(
          write(
              "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT, height, WIDTH - RIGHT, LEFT - 8, height + 4, Html.escape(tick.apply(at))));
    }
    for (double at : x.ticks()) {
      svg.append(
          write(
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>",
              x(x, at), HEIGHT - BOTTOM + 18, at));
    }
    svg.append(
        write(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">steps</text>",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4));
    series.forEach(line -> append(svg, line, x, y));
    chosen.ifPresent(step -> appendChosen(svg, step, x, y));
    return svg.append("</svg>").toString();
  }

  private DoubleStream values() {
    return series.stream().flatMap(line -> line.points().stream()).mapToDouble(Point::value);
  }

  private DoubleStream steps() {
    return series.stream().flatMap(line -> line.points().stream()).mapToDouble(Point::step);
  }

  private void append(StringBuilder svg, Series line, Axis x, Axis y) {
    svg.append("<path class=\"line %s\" d=\"".formatted(line.style()));
    String command = "M";
    for (Point point : line.points()) {
      svg.append(write("%s%.1f %.1f", command, x(x, point.step()), y(y, point.value())));
      command = "L";
    }
    svg.append("\"/>");
    if (line.hasPoints()) {
      for (Point point : line.points()) {
        svg.append(
            write(
                "<circle class=\"point\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>step %,.0f: %s</title></circle>",
                x(x, point.step()),
                y(y, point.value()),
                point.step(),
                Html.escape(tick.apply(point.value()))));
      }
    }
  }

  private void appendChosen(StringBuilder svg, double step, Axis x, Axis y) {
    for (Point point : series.get(series.size() - 1).points()) {
      if (point.step() == step) {
        svg.append(
            write(
                "<circle class=\"chosen\" cx=\"%.1f\" cy=\"%.1f\" r=\"7\"/>",
                x(x, point.step()), y(y, point.value())));
      }
    }
  }

  private static double x(Axis axis, double value) {
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(Axis axis, double value) {
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String write(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /**
   * An axis with round ends.
   *
   * @param low its beginning
   * @param step distance of its ticks, above 0
   * @param count number of steps
   */
  private record Axis(double low, double step, int count) {
    static Axis over(double least, double most) {
      double span = most > least ? most - least : Math.max(Math.abs(most), 1e-12);
      double raw = span / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(raw)));
      double step =
          power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
      double low = Math.floor(least / step) * step;
      return new Axis(low, step, (int) Math.max(1, Math.ceil((most - low) / step - 1e-9)));
    }

    double share(double value) {
      return (value - low) / (step * count);
    }

    double[] ticks() {
      double[] ticks = new double[count + 1];
      for (int i = 0; i <= count; i++) {
        ticks[i] = low + i * step;
      }
      return ticks;
    }
  }
}
