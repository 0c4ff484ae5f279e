package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;

/** A cache from the command line: it is filled by one table, used by another, and pruned. */
class PruneCacheJobTest {
  @TempDir Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, int from, int to) {
    TestSpark.session()
        .range(from, to)
        .selectExpr("id", "'Der Text Nummer ' || id || ' ist da.' AS text")
        .write()
        .parquet(path(name));
  }

  private JobRun enrich(String input, String output, String... more) {
    List<String> options =
        List.of("--input", path(input), "--output", path(output), "--id-column", "id", "--model");
    List<String> all = new ArrayList<>(List.of("enrich"));
    all.addAll(options);
    all.addAll(List.of(TinyModels.tiny().toString(), "--device", "cpu"));
    all.addAll(List.of(more));
    return JobRun.of(all.toArray(String[]::new));
  }

  private List<Row> vectors(String table) {
    return TestSpark.session()
        .read()
        .parquet(path(table))
        .orderBy("id")
        .select("id", "embedding", "embedding_status", "embedding_tokens", "embedding_key")
        .collectAsList();
  }

  @Test
  void aSecondTableTakesItsVectorsFromTheCacheAndAPruneSaysWhatGoes() {
    write("one", 0, 12);
    write("two", 4, 16);
    JobRun first = enrich("one", "first", "--cache", path("cache"));
    assertThat(first.code()).as("%s", first.err()).isZero();
    JobRun second = enrich("two", "second", "--cache", path("cache"));
    assertThat(second.code()).as("%s", second.err()).isZero();
    List<Row> one = vectors("first");
    assertThat(vectors("second").subList(0, 8)).isEqualTo(one.subList(4, 12));
    JobRun third = enrich("two", "third", "--reuse", path("second"));
    assertThat(third.code()).as("%s", third.err()).isZero();
    assertThat(vectors("third")).isEqualTo(vectors("second"));

    JobRun planned = prune("--dry-run");
    assertThat(planned.output())
        .contains("Model     tiny-bert, fingerprint ")
        .contains("4 of 16 vectors would go, ")
        .contains("Total     4 vectors would go, 12 would stay");
    assertThat(prune().output())
        .contains("4 of 16 vectors went, ")
        .contains("Files     ")
        .endsWith("Total     4 vectors went, 12 stay");
    assertThat(prune().output()).endsWith("Total     0 vectors went, 12 stay");
    JobRun wrong = JobRun.of("prune-cache", "--cache", path("cache"));
    assertThat(wrong.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(wrong.err())
        .containsExactly(
            "spark-gbert: Cannot prune cache %s: nothing says what goes; give --keep, --keep-model or --older-than"
                .formatted(path("cache")));
  }

  private JobRun prune(String... more) {
    List<String> all =
        new ArrayList<>(List.of("prune-cache", "--cache", path("cache"), "--keep", path("second")));
    all.addAll(List.of(more));
    JobRun run = JobRun.of(all.toArray(String[]::new));
    assertThat(run.code()).as("%s", run.err()).isZero();
    return run;
  }
}
