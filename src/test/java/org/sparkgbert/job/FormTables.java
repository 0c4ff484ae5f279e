package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.TestSpark;

/**
 * A table whose vectors are stored in some form, and the same in floats.
 *
 * @param stored the table; {@code %1$s} in commands
 * @param floats the same in floats; {@code %2$s}
 * @param folder for results; {@code %3$s}; {@code %4$s} is the tiny model
 */
record FormTables(Path stored, Path floats, Path folder) {
  static final int ROWS = 24;

  /**
   * Embeds texts, of which the one with the number 5 is null.
   *
   * @param from number of the first
   */
  static Path embedded(Path shared, String name, int from, String... options) throws IOException {
    Path directory = Files.createDirectory(shared.resolve(name));
    List<String> texts =
        IntStream.range(from, from + ROWS)
            .mapToObj(i -> i == 5 ? null : i + " Züge fahren " + "weit ".repeat(i % 7))
            .toList();
    TestSpark.texts(texts, 1).write().parquet(directory.resolve("in").toString());
    JobRun run = JobRun.embed(directory, options);
    assertThat(run.code()).as(run.err().toString()).isZero();
    return directory.resolve("out");
  }

  static Dataset<Row> read(Path table) {
    return TestSpark.session().read().parquet(table.toString());
  }

  JobRun run(String command) {
    return JobRun.of(command.formatted(stored, floats, folder, TinyModels.tiny()).split(" "));
  }

  JobRun succeeded(String command) {
    JobRun run = run(command);
    assertThat(run.code()).as(run.err().toString()).isZero();
    return run;
  }

  /** Where floats are needed, other forms are refused by name. */
  void assertThatFloatsAreDemanded(String type, String precision) throws IOException {
    assertThat(run("index --input=%1$s --output=%3$s/index").err())
        .singleElement()
        .asString()
        .isEqualTo(
            "spark-gbert: Cannot index by column 'embedding': it must be array<float>, found "
                + type);
    String enrich =
        "enrich --input=%2$s/../in --id-column=id --model=%4$s --device=cpu --output=%3$s/mirror";
    assertThat(run(enrich + " --reuse=%1$s").err())
        .last()
        .asString()
        .isEqualTo(
            "spark-gbert: Cannot reuse vectors: embeddings of table %s were rounded to %s, and only float32 is taken; embed its texts without --output-precision"
                .formatted(stored, precision));
    Path copy = folder.resolve("mirror");
    TableFiles.copy(stored, copy);
    Files.copy(stored.resolve("_embedding_run.json"), copy.resolve("_embedding_run.json"));
    assertThat(run(enrich).err())
        .last()
        .asString()
        .startsWith("spark-gbert: Cannot enrich: embeddings of column 'embedding' of ")
        .contains("were rounded to " + precision);
  }
}
