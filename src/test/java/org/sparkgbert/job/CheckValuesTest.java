package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose files are whole and match their manifest, while their values are wrong. */
class CheckValuesTest {
  @TempDir private static Path valid;
  @TempDir private Path folder;
  private TableOnDisk table;

  @BeforeAll
  static void writeTable() {
    TableOnDisk.embed(valid, 24);
  }

  @BeforeEach
  void copyTable() throws IOException {
    table = TableOnDisk.copy(valid, folder.resolve("table"));
  }

  @Test
  void aVectorOfAnotherTextIsFound() throws IOException {
    Dataset<Row> rows = rows();
    List<Float> other = rows.where("id = 7").select("embedding").first().getList(0);
    Column[] values = other.stream().map(functions::lit).toArray(Column[]::new);
    rewrite(replaceVector(rows, functions.array(values)));
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.out()).hasSize(2);
    assertThat(run.out().get(0))
        .matches(
            "column embedding: encoded again, it differs by \\d.* for the text '3 Züge fahren'");
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }

  @Test
  void aValueThatIsNoNumberIsFound() throws IOException {
    rewrite(
        replaceVector(
            rows(), functions.expr("transform(embedding, (x, i) -> IF(i = 5, float('NaN'), x))")));
    assertFinding("column embedding: 1 row with a value that is not finite");
  }

  @Test
  void anInfiniteValueIsFound() throws IOException {
    rewrite(
        replaceVector(
            rows(),
            functions.expr("transform(embedding, (x, i) -> IF(i = 5, float('-Infinity'), x))")));
    assertFinding("column embedding: 1 row with a value that is not finite");
  }

  @Test
  void anotherDimensionIsFound() throws IOException {
    rewrite(replaceVector(rows(), functions.expr("slice(embedding, 1, 31)")));
    assertFinding("column embedding: 1 row whose embedding does not have 32 dimensions");
  }

  @Test
  void aMissingVectorIsFound() throws IOException {
    rewrite(replaceVector(rows(), functions.expr("CAST(NULL AS ARRAY<FLOAT>)")));
    assertFinding("column embedding: 1 row ok or truncated without an embedding");
  }

  @Test
  void aVectorOfAnEmptyTextIsFound() throws IOException {
    Column status = functions.expr("IF(id = 3, 'empty', embedding_status)");
    rewrite(rows().withColumn("embedding_status", status));
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.out())
        .startsWith("column embedding: 1 row empty, failed or missing with an embedding")
        .hasSize(3);
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }

  private void assertFinding(String finding) {
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.out())
        .as(String.join("\n", run.err()))
        .containsExactly(finding, "Table %s has 1 finding".formatted(table));
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }

  private Dataset<Row> rows() {
    return table.rows();
  }

  private void rewrite(Dataset<Row> rows) throws IOException {
    table = table.rewritten(folder.resolve("rewritten"), rows);
  }

  private static Dataset<Row> replaceVector(Dataset<Row> rows, Column vector) {
    return rows.withColumn(
        "embedding",
        functions.when(functions.expr("id = 3"), vector).otherwise(functions.col("embedding")));
  }
}
