package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.TestSpark;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * A run of the cluster job.
 *
 * @param input table that it reads
 * @param output directory that it writes
 */
record ClusterRun(Path input, Path output) {

  /** Runs the job, which must succeed. */
  JobRun succeeded(String... options) {
    JobRun run = run(options);
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
    return run;
  }

  /** Runs the job, which must end with that line as wrong usage and write nothing. */
  void refused(String message, String... options) {
    JobRun run = run(options);
    assertThat(run.err()).containsExactly("spark-gbert: " + message);
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  private JobRun run(String... options) {
    return JobRun.of(arguments(options));
  }

  /** The command line. */
  String[] arguments(String... options) {
    List<String> args =
        new ArrayList<>(
            List.of("cluster", "--input", input.toString(), "--output", output.toString()));
    args.addAll(List.of(options));
    return args.toArray(String[]::new);
  }

  /** The rows of a table of the output. */
  Dataset<Row> table(String name) {
    return TestSpark.session().read().parquet(output.resolve(name).toString());
  }

  /** Embeds six texts with the tiny model into {@code out} of a folder. */
  static EmbeddingProvenance embedTexts(Path folder) {
    TableOnDisk.embed(folder, 6);
    Dataset<Row> embedded = TestSpark.session().read().parquet(folder.resolve("out").toString());
    return EmbeddingProvenance.of(embedded.schema().apply("embedding")).orElseThrow();
  }

  /** The same provenance, as if another model had made it. */
  static EmbeddingProvenance ofModel(EmbeddingProvenance made, String model, String checksum) {
    return new EmbeddingProvenance(
        model,
        made.source(),
        made.revision(),
        made.licence(),
        checksum,
        checksum,
        checksum,
        made.dimension(),
        made.pooling(),
        made.normalize(),
        made.precision(),
        made.prompt(),
        made.maxSeqLength(),
        made.longText(),
        made.normalizeUnicode(),
        made.maxCharacters(),
        made.textColumn(),
        made.toolVersion(),
        made.cutFrom(),
        made.outputPrecision(),
        made.mean());
  }
}
