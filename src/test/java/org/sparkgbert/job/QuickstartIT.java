package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** What {@code jobs/quickstart.sh} prints and leaves, in a checkout that is built. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QuickstartIT {
  private static final Path RESULTS = Shell.CHECKOUT.resolve("target/quickstart");
  private static final Path JAR = Shell.CHECKOUT.resolve("target/spark-gbert-0.1.0.jar");

  @TempDir private static Path scratch;

  private static FileTime built;
  private static List<String> out;

  @BeforeAll
  static void run() throws IOException {
    built = Files.getLastModifiedTime(JAR);
    out = Shell.in(scratch).run("jobs/quickstart.sh").succeeded().out().lines().toList();
  }

  @Test
  void whatIsBuiltIsNotBuiltAgain() throws IOException {
    assertThat(out.get(0)).isEqualTo("Built already: " + JAR);
    assertThat(Files.getLastModifiedTime(JAR)).isEqualTo(built);
  }

  @Test
  void rowsAreShownAndCounted() {
    assertThat(out.get(1))
        .isEqualTo("Sample corpus: 692 German texts in " + RESULTS.resolve("corpus"));
    assertThat(out)
        .contains(
            "Model     multilingual-e5-small-de-en, revision 1",
            "Rows      692: empty 4, ok 687, truncated 1",
            "Rows      186: ok 186",
            "Rows      692, 4 without a usable embedding");
    List<String> shown =
        out.stream().filter(line -> line.matches(" *\\d+  .* tokens  .*")).toList();
    assertThat(shown).hasSize(8);
    assertThat(shown.get(0))
        .matches(
            "   1  wetter +ok +\\d+ tokens  \\[-?0\\.\\d{3}(, -?0\\.\\d{3}){3}, …\\] +Noch nie .*");
  }

  @Test
  void embeddingsHaveUnitLength() {
    Dataset<Row> table = table("corpus_embedded");
    assertThat(table.columns()).startsWith("id", "topic", "text", "embedding");
    assertThat(table.count()).isEqualTo(692);
    assertThat(table.where("size(embedding) = 384").count()).isEqualTo(688);
    String squares = "aggregate(embedding, 0D, (sum, x) -> sum + x * x)";
    assertThat(table.where("abs(" + squares + " - 1) > 1e-4").count()).isZero();
  }

  @Test
  void pairsAgreeWithTheirGoldScoresAsTheReadmeSays() throws IOException {
    JsonNode evaluation = json("pairs_scored_evaluation/evaluation.json");
    assertThat(evaluation.at("/agreement/cosine/spearman").asDouble())
        .isGreaterThan(0.72)
        .isCloseTo(readme("a Spearman of ([\\d.]+)"), within(5e-3));
    assertThat(table("pairs_scored").where("cosine_similarity IS NOT NULL").count()).isEqualTo(186);
  }

  /** Vectors in int8 differ a little between processors, and clusters more, hence the tolerance. */
  @Test
  void clustersAgreeWithTopicsAsTheReadmeSays() throws IOException {
    JsonNode quality = json("clusters/quality.json");
    assertThat(quality.at("/quality/agreement/v_measure").asDouble())
        .isGreaterThan(0.28)
        .isCloseTo(readme("a V-measure of ([\\d.]+)"), within(0.12));
    assertThat(table("clusters/assignments").where("cluster IS NULL").count()).isEqualTo(4);
  }

  @Test
  void aQuestionIsAnsweredAsTheReadmeSays() throws IOException {
    int asked = out.indexOf("Wie wird das Wetter morgen?");
    assertThat(asked).isPositive();
    String best = out.get(asked + 1);
    assertThat(best).matches(" +1  0\\.\\d{4}  +\\d+  .{10,100}");
    String id = best.trim().split(" +", -1)[2];
    assertThat(table("corpus").where("id = " + id).head().<String>getAs("topic"))
        .isEqualTo("wetter");
    assertThat(Files.readString(Path.of("README.md")))
        .contains("Wie wird das Wetter morgen?")
        .contains(best.trim().replaceFirst("^1 +[\\d.]+ +", "").substring(0, 40));
  }

  @Test
  void itEndsWithAPageToOpen() {
    Path report = RESULTS.resolve("clusters/report.html");
    assertThat(out).last().isEqualTo("Open " + report);
    assertThat(report).isRegularFile();
    assertThat(RESULTS.resolve("pairs_scored_evaluation/report.html")).isRegularFile();
  }

  @Test
  void laterJobsLoadSparksClassesFromAnArchive() throws IOException {
    Path log = scratch.resolve("classes.log");
    Shell shell = Shell.in(scratch);
    String options = shell.environment().get("SPARK_SUBMIT_OPTS");
    shell
        .with("SPARK_SUBMIT_OPTS", options + " -Xlog:class+load:file=" + log)
        .run("jobs/check.sh", RESULTS.resolve("corpus_embedded").toString())
        .succeeded();
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains(" org.apache.spark.sql.classic.SparkSession "))
        .singleElement()
        .asString()
        .contains("source: shared objects file (top)");
  }

  private static Dataset<Row> table(String name) {
    return TestSpark.session().read().parquet(RESULTS.resolve(name).toString());
  }

  private static JsonNode json(String name) throws IOException {
    return JsonMapper.builder().build().readTree(RESULTS.resolve(name).toFile());
  }

  private static double readme(String pattern) throws IOException {
    Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of("README.md")));
    assertThat(found.find()).as("README says " + pattern).isTrue();
    return Double.parseDouble(found.group(1).replaceAll("\\.$", ""));
  }
}
