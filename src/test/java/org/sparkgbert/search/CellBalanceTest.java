package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.lake.OutputOptions;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.vector.ProductRanking;
import org.sparkgbert.vector.Similarity;

/** No cell is crowded, unless its vectors are equal. */
class CellBalanceTest {
  private static final int DIMENSION = 12;

  @TempDir private Path directory;

  private static float[] gaussian(Random random, double spread, float[] around) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) (around[i] + spread * random.nextGaussian());
    }
    return vector;
  }

  private Dataset<Row> index(List<float[]> vectors, int cells, String name) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));
    String corpus = directory.resolve("corpus" + name).toString();
    TestSpark.session()
        .createDataFrame(
            IntStream.range(0, vectors.size())
                .mapToObj(id -> RowFactory.create(id, vectors.get(id)))
                .toList(),
            schema)
        .coalesce(2)
        .write()
        .parquet(corpus);
    String output = directory.resolve("index" + name).toString();
    Settings settings =
        Settings.NONE
            .with(InputOptions.INPUT, List.of(corpus))
            .with(OutputOptions.OUTPUT, output)
            .with(IndexOptions.CELLS, cells)
            .with(IndexOptions.HELD_OUT, 20);
    new BuildIndex(IndexSettings.of(settings)).run(TestSpark.session(), Progress.NONE);
    return TestSpark.session().read().parquet(output);
  }

  /** Most of the rows lie around one point, and a few far away, as templates of texts do. */
  @Test
  void noCellHasManyTimesTheMean() {
    Random random = new Random(5);
    List<float[]> vectors = new ArrayList<>();
    float[] crowd = gaussian(random, 1, new float[DIMENSION]);
    for (int i = 0; i < 1_200; i++) {
      vectors.add(
          i % 6 == 0 ? gaussian(random, 1, new float[DIMENSION]) : gaussian(random, 0.03, crowd));
    }
    Dataset<Row> index = index(vectors, 24, "");
    Map<Integer, Long> counts = IndexedCorpus.counts(index);
    long most = CellBalance.most(1_200, 24, CellBalance.MOST_OF_MEAN);
    assertThat(most).isEqualTo(125);
    assertThat(counts.values()).allSatisfy(rows -> assertThat(rows).isLessThanOrEqualTo(most));
    assertThat(counts.size()).isBetween(12, 36);
    assertThat(cells(index(vectors, 24, "again"))).isEqualTo(cells(index));
  }

  private static Map<Integer, Integer> cells(Dataset<Row> index) {
    Map<Integer, Integer> cells = new TreeMap<>();
    index
        .select("id", "index_cell")
        .collectAsList()
        .forEach(row -> cells.put(row.getInt(0), row.getInt(1)));
    return cells;
  }

  @Test
  void equalVectorsStayTogether() {
    Random random = new Random(6);
    List<float[]> vectors = new ArrayList<>();
    float[] one = gaussian(random, 1, new float[DIMENSION]);
    for (int i = 0; i < 600; i++) {
      vectors.add(i % 2 == 0 ? one.clone() : gaussian(random, 1, new float[DIMENSION]));
    }
    Dataset<Row> index = index(vectors, 12, "");
    assertThat(index.where("id % 2 = 0").select("index_cell").distinct().count()).isEqualTo(1);
    int crowd = index.where("id = 0").first().getAs("index_cell");
    long most = CellBalance.most(600, 12, CellBalance.MOST_OF_MEAN);
    Map<Integer, Long> counts = IndexedCorpus.counts(index);
    assertThat(counts.remove(crowd)).isGreaterThanOrEqualTo(300);
    assertThat(counts.values()).allSatisfy(rows -> assertThat(rows).isLessThanOrEqualTo(most));
  }

  @Test
  void aDivisionHasPartsOfAboutTheSameSize() {
    Random random = new Random(7);
    for (ProductRanking ranking : ProductRanking.values()) {
      for (int parts : new int[] {2, 3, 5}) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          float[] row = gaussian(random, 0.2, new float[DIMENSION]);
          row[0] += 3;
          rows.add(
              AssignCells.compared(
                  row, ranking == ProductRanking.PRODUCTS ? Similarity.DOT : Similarity.COSINE));
        }
        List<float[]> means = new CellDivision(ranking).means(rows, parts);
        assertThat(means).hasSize(parts);
        int[] sizes = new int[parts];
        rows.forEach(row -> sizes[nearest(row, means)]++);
        assertThat(sizes).as("%s", ranking).satisfies(all -> assertThat(all).doesNotContain(0));
        assertThat(IntStream.of(sizes).max().orElseThrow()).isLessThan(200 * 2 / parts + 20);
      }
    }
  }

  private static int nearest(float[] row, List<float[]> means) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int mean = 0; mean < means.size(); mean++) {
      double distance = 0;
      for (int i = 0; i < row.length; i++) {
        distance += Math.pow(row[i] - means.get(mean)[i], 2);
      }
      if (distance < least) {
        least = distance;
        best = mean;
      }
    }
    return best;
  }

  @Test
  void equalRowsAreOnePart() {
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(new float[] {1, 2, i < 39 ? 3 : 3.000001f});
    }
    assertThat(new CellDivision(ProductRanking.PRODUCTS).means(rows, 4)).hasSize(1);
    rows.set(0, new float[] {1, 2, 4});
    assertThat(new CellDivision(ProductRanking.PRODUCTS).means(rows, 4)).hasSize(2);
  }
}
