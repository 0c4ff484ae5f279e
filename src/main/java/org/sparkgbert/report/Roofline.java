package org.sparkgbert.report;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.bench.EncoderRate;
import org.sparkgbert.bench.JobRate;
import org.sparkgbert.bench.Limit;
import org.sparkgbert.bench.MedianAndRange;
import org.sparkgbert.bench.ModelResult;

/**
 * The roofline picture of a model: measured limits, and points for what was reached under them.
 *
 * <p>Arithmetic intensity is that of products whose matrices are each read or written once. The
 * encoder and the job are placed at the intensity of all products together.
 *
 * <p>Source: Williams, Waterman and Patterson, Roofline: An Insightful Visual Performance Model for
 * Multicore Architectures, 2009.
 *
 * @param ceilings limits, on any number of cores
 * @param points what was reached, on all cores
 */
record Roofline(List<Ceiling> ceilings, List<Point> points) {
  /** Kinds of points: {@code precision} of products, else {@link #ENCODER} or {@link #JOB}. */
  static final String ENCODER = "encoder alone";

  static final String JOB = "whole job";

  /**
   * A limit.
   *
   * @param own whether it is for the model's precision, on the largest number of cores that the
   *     encoder ran on
   */
  record Ceiling(String precision, int cores, MedianAndRange gigaflops, boolean own) {}

  /**
   * A rate that was reached.
   *
   * @param intensity floating-point operations per byte
   */
  record Point(String kind, String name, double intensity, MedianAndRange gigaflops) {}

  static Roofline of(ModelResult model) {
    EncoderRate encoder = model.encoderOnMostCores();
    List<Ceiling> ceilings = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    for (Limit limit : model.limits()) {
      boolean allCores = limit.cores() == encoder.cores();
      boolean own = allCores && limit.precision().equals(model.precision());
      ceilings.add(new Ceiling(limit.precision(), limit.cores(), limit.gigaflops(), own));
      if (allCores) {
        limit.products().forEach(each -> points.add(point(limit, each)));
      }
      if (own) {
        addReached(points, model, encoder, intensity(limit, limit.products()));
      }
    }
    return new Roofline(ceilings, points);
  }

  private static void addReached(
      List<Point> points, ModelResult model, EncoderRate encoder, double intensity) {
    points.add(new Point(ENCODER, ENCODER, intensity, encoder.gigaflops()));
    for (JobRate job : model.jobs()) {
      if (job.cores() == encoder.cores()) {
        points.add(new Point(JOB, JOB, intensity, job.gigaflops()));
      }
    }
  }

  private static Point point(Limit limit, Limit.Product product) {
    double intensity = intensity(limit, List.of(product));
    return new Point(limit.precision(), product.name(), intensity, product.gigaflops());
  }

  private static double intensity(Limit limit, List<Limit.Product> products) {
    double flop = 0;
    double bytes = 0;
    for (Limit.Product each : products) {
      flop += 2.0 * limit.rows() * each.depth() * each.columns();
      bytes += bytes(limit.precision(), limit.rows(), each);
    }
    return flop / bytes;
  }

  /** int8 products have results of float32. */
  private static double bytes(String precision, double rows, Limit.Product product) {
    double input = rows * product.depth() + (double) product.depth() * product.columns();
    double output = rows * product.columns();
    return switch (precision) {
      case "int8" -> input + Float.BYTES * output;
      case "float16" -> Short.BYTES * (input + output);
      default -> Float.BYTES * (input + output);
    };
  }
}
