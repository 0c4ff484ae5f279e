package org.sparkgbert.cluster;

import java.util.List;
import java.util.stream.IntStream;

/** Maps a corpus onto a plane: the first two principal components of a sample. */
final class CorpusMap {
  /** Maximum number of points on a map. */
  public static final int MOST_POINTS = 3_000;

  private CorpusMap() {}

  /**
   * Points of sampled rows, by the principal components of the vectors that the clusters were found
   * on. Coordinates are centered on the sample; 0 on an axis that a vector of one dimension lacks.
   */
  static List<MapPoint> of(List<SampledRow> sample) {
    if (sample.isEmpty()) {
      return List.of();
    }
    int dimension = sample.get(0).vector().length;
    Points points = Points.of(sample.size(), dimension, i -> sample.get(i).vector());
    Points centered = points.minus(points.mean());
    PrincipalAxes plane = PrincipalAxes.of(points, Math.min(2, dimension));
    return IntStream.range(0, sample.size())
        .mapToObj(i -> point(plane, centered.row(i), sample.get(i)))
        .toList();
  }

  private static MapPoint point(PrincipalAxes plane, double[] vector, SampledRow row) {
    double y = plane.axes().length < 2 ? 0 : plane.on(1, vector);
    return new MapPoint(plane.on(0, vector), y, row.cluster(), row.text());
  }
}
