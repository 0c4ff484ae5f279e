package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkgbert.cluster.ClusterCard;
import org.sparkgbert.cluster.MapPoint;

class ClusterReportTest {
  private static final ClusterCard ONE = ClusterReports.card(0);
  private static final double[][] ALONE = {{1}};

  @Test
  void figuresNeedNoScript() {
    assertThat(Markup.withoutScripts(ClusterReports.hostile().html()))
        .contains(">70<", "of 10 to 79 rows", ">12,345<", "67 without an embedding")
        .contains(">−0.2500<", "of 1,000 rows", ">0.1500<", "Adjusted Rand index", "<noscript>");
  }

  @Test
  void noTextBecomesMarkup() {
    String page = ClusterReports.hostile().html();
    assertThat(Markup.withoutScripts(page)).doesNotContain("<img", "<svg onload");
    assertThat(page.split("<script", -1)).hasSize(4);
    assertThat(page.split("</script>", -1)).hasSize(4);
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page)).isTrue();
  }

  @Test
  void pointsTravelWithoutTheNamesOfTheirParts() {
    MapPoint point = new MapPoint(0.25, -1, 0, "Text");
    assertThat(ClusterReports.of(List.of(ONE), ALONE, point).html())
        .contains("\"points\":[[0.25,-1.0,0,\"Text\"]]", "\"similarities\":[[1.0]]");
  }

  @Test
  void whatIsUnknownIsNotClaimed() {
    assertThat(Markup.withoutScripts(ClusterReports.of(List.of(), new double[0][]).html()))
        .contains(">–<", "the embeddings carry no provenance")
        .doesNotContain("V-measure", "null");
  }

  @Test
  void cardsAreNumberedFromZero() {
    assertRefused(List.of(ClusterReports.card(1)), ALONE, "card 0, found 1");
  }

  @Test
  void similaritiesAreOfTheseClusters() {
    assertRefused(List.of(ONE), new double[0][], "1 rows of similarities, found 0");
    assertRefused(List.of(ONE), new double[1][2], "1 columns of similarities, found 2");
  }

  @Test
  void pointsLieInTheseClusters() {
    assertRefused(
        List.of(ONE), ALONE, "points in clusters 0 to 0, found 1", new MapPoint(0, 0, 1, "x"));
  }

  private static void assertRefused(
      List<ClusterCard> cards, double[][] similarities, String reason, MapPoint... points) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClusterReports.of(cards, similarities, points))
        .withMessage("Cannot show the clusters: there must be " + reason);
  }
}
