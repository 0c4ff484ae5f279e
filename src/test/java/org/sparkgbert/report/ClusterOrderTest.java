package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterOrderTest {
  @Test
  void everyClusterHasOnePlace() {
    int[] order = ClusterOrder.of(ClusterReports.similarities(50));
    assertThat(Arrays.stream(order).sorted())
        .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
  }

  /** Even numbers are alike, and so are odd ones. */
  @Test
  void similarClustersStandTogether() {
    double[][] similarities = new double[10][10];
    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 10; column++) {
        similarities[row][column] = (row + column) % 2 == 0 ? 0.9 : 0.1;
      }
    }
    int[] order = ClusterOrder.of(similarities);
    assertThat(Arrays.stream(order).limit(5).map(each -> each % 2).distinct().count()).isOne();
  }

  /** Clusters on a line, shuffled: neighbours are more alike the nearer they are. */
  @Test
  void aLineIsFoundAgain() {
    double[] places = {3, 0, 5, 1, 4, 2};
    double[][] similarities =
        Arrays.stream(places)
            .mapToObj(
                one -> Arrays.stream(places).map(other -> 1 - (one - other) * (one - other) / 36))
            .map(row -> row.toArray())
            .toArray(double[][]::new);
    double[] found =
        Arrays.stream(ClusterOrder.of(similarities)).mapToDouble(i -> places[i]).toArray();
    for (int each = 1; each < found.length; each++) {
      assertThat(Math.abs(found[each] - found[each - 1])).isEqualTo(1);
    }
  }

  @Test
  void noneAndOneAreOrders() {
    assertThat(ClusterOrder.of(new double[0][])).isEmpty();
    assertThat(ClusterOrder.of(new double[][] {{1}})).containsExactly(0);
  }
}
