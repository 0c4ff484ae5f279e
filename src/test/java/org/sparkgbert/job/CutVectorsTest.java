package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.EmbeddingProvenance;

/** Tables of vectors that are cut and have unit length, from job to job. */
class CutVectorsTest {
  private static final String WARNING =
      "embeddings of tiny-bert are cut to their first 16 of 32 dimensions";

  @TempDir private static Path shared;
  private static JobRun embedded;

  @TempDir private Path folder;

  @BeforeAll
  static void embed() {
    TestSpark.texts(
            Arrays.asList("Der Zug fährt.", null, "Das Wetter ist gut.", "Eine Katze schläft."), 1)
        .write()
        .parquet(shared.resolve("in").toString());
    embedded = JobRun.embed(shared, "--dimensions=16");
    assertThat(embedded.code()).isZero();
  }

  private static Path out() {
    return shared.resolve("out");
  }

  private JobRun search(String... options) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "search",
                "--input=" + out(),
                "--model=" + TinyModels.tiny(),
                "--device=cpu",
                "--query=Das Wetter ist gut."));
    line.addAll(List.of(options));
    return JobRun.of(line.toArray(String[]::new));
  }

  @Test
  void theTableSaysHowItsVectorsWereMadeAndAUserIsWarned() throws IOException {
    assertThat(embedded.err()).filteredOn(line -> line.contains(WARNING)).hasSize(1);
    Row row = TestSpark.session().read().parquet(out().toString()).where("id = 0").head();
    assertThat(row.getList(row.fieldIndex("embedding"))).hasSize(16);
    EmbeddingProvenance made =
        EmbeddingProvenance.of(
                TestSpark.session().read().parquet(out().toString()).schema().apply("embedding"))
            .orElseThrow();
    assertThat(made.dimension()).isEqualTo(16);
    assertThat(made.cutFrom()).isEqualTo(32);
    assertThat(made.normalize()).isTrue();
    assertThat(Files.readString(out().resolve("_embedding_run.json")))
        .contains("\"cut_from\" : 32", made.fingerprint());
  }

  @Test
  void aCheckEncodesAgainInTheSameForm() {
    JobRun check = JobRun.of("check", out().toString());
    assertThat(check.out())
        .last()
        .asString()
        .contains("is valid: 4 rows in ", ", 4 rows encoded again");
  }

  @Test
  void aQuestionHasTheFormOfTheCorpus() {
    JobRun run = search("--top-k=1");
    assertThat(run.code()).as(run.err().toString()).isZero();
    assertThat(run.output()).contains("1.0000", "Das Wetter ist gut.");
    assertThat(search("--dimensions=16", "--top-k=1").out().subList(0, 3))
        .isEqualTo(run.out().subList(0, 3));
  }

  @Test
  void aQuestionOfAnotherFormIsRefused() {
    assertThat(search("--dimensions=8").err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot search: " + out() + " and --model ")
        .endsWith("with different settings: dimension (16 and 8)");
  }

  @Test
  void filesOfDifferentDimensionsAreRefused() throws IOException {
    JobRun whole =
        JobRun.embed(folder, "--input=" + shared.resolve("in"), "--output=" + folder.resolve("b"));
    assertThat(whole.code()).as(whole.err().toString()).isZero();
    Path both = folder.resolve("both");
    TableFiles.copy(out(), both.resolve("part=1"));
    TableFiles.copy(folder.resolve("b"), both.resolve("part=2"));
    for (String job :
        List.of("cluster --k=2", "search --queries=" + out(), "sts --all-pairs --id-column=id")) {
      String line = "%s --input=%s --output=%s".formatted(job, both, folder.resolve("x"));
      assertThat(JobRun.of(line.split(" ")).err())
          .as(job)
          .last()
          .asString()
          .contains("part=1", "part=2", "different settings: ", "dimension (16 and 32)");
    }
  }

  @Test
  void vectorsOfAnotherFormAreNotUsedAgain() throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "enrich",
                "--input=" + shared.resolve("in"),
                "--output=" + folder.resolve("mirror"),
                "--id-column=id",
                "--cache=" + folder.resolve("cache"),
                "--model=" + TinyModels.tiny(),
                "--device=cpu"));
    assertThat(encoded(line)).isEqualTo(3);
    assertThat(encoded(line)).as("nothing changed").isZero();
    line.add("--dimensions=16");
    JobRun refused = JobRun.of(line.toArray(String[]::new));
    assertThat(refused.err()).last().asString().contains("dimension (32 and 16)");
    line.add("--on-model-change=re-encode");
    assertThat(encoded(line)).as("in another form").isEqualTo(3);
    line.remove("--dimensions=16");
    assertThat(encoded(line)).as("as at first, from the cache").isZero();
    line.add("--dimensions=16");
    assertThat(encoded(line)).as("cut, from the cache").isZero();
    assertThat(
            TestSpark.session()
                .read()
                .parquet(folder.resolve("mirror").toString())
                .where("embedding IS NOT NULL")
                .selectExpr("max(size(embedding))", "min(size(embedding))")
                .head()
                .mkString(","))
        .isEqualTo("16,16");
  }

  private int encoded(List<String> line) throws IOException {
    List<String> all = new ArrayList<>(line);
    Path summary = folder.resolve("summary.json");
    all.add("--summary-json=" + summary);
    JobRun run = JobRun.of(all.toArray(String[]::new));
    assertThat(run.code()).as(run.err().toString()).isZero();
    return PairTables.json(summary).get("counts").get("encoded_texts").asInt();
  }

  @Test
  void scoresOfSentencesAreThoseOfCutVectors() {
    Path pairs = folder.resolve("in");
    TestSpark.session()
        .sql("SELECT 'Der Zug fährt.' AS sentence1, 'Das Wetter ist gut.' AS sentence2")
        .write()
        .parquet(pairs.toString());
    JobRun run = JobRun.sts(folder, "--dimensions=16");
    assertThat(run.code()).as(run.err().toString()).isZero();
    assertThat(run.err()).anyMatch(line -> line.contains(WARNING));
    List<Row> vectors =
        TestSpark.session()
            .read()
            .parquet(out().toString())
            .where("id IN (0, 2)")
            .orderBy("id")
            .select("embedding")
            .collectAsList();
    double product = 0;
    for (int i = 0; i < 16; i++) {
      product +=
          (double) vectors.get(0).<Float>getList(0).get(i)
              * vectors.get(1).<Float>getList(0).get(i);
    }
    Row scored = TestSpark.session().read().parquet(folder.resolve("out").toString()).head();
    assertThat((double) scored.<Float>getAs("cosine_similarity")).isCloseTo(product, within(1e-5));
  }
}
