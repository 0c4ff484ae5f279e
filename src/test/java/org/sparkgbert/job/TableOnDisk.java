package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.TestSpark;
import org.sparkgbert.corpus.ParquetFile;
import org.sparkgbert.corpus.ParquetFiles;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.lake.RunManifest;

/**
 * A table with embeddings, to be tampered with.
 *
 * @param path its directory
 */
record TableOnDisk(Path path) {
  private static final String MANIFEST = "_embedding_run.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Embeds so many texts into {@code out} of a folder, in two files. */
  static void embed(Path folder, int rows) {
    List<String> texts = IntStream.range(0, rows).mapToObj(i -> i + " Züge fahren").toList();
    TestSpark.texts(texts, 1).write().parquet(folder.resolve("in").toString());
    JobRun run = JobRun.embed(folder, "--files=2");
    assertThat(run.code()).as(String.join("\n", run.err())).isEqualTo(Main.SUCCEEDED);
  }

  /** A copy of {@code out} of a folder, without Hadoop's own checksum files. */
  static TableOnDisk copy(Path folder, Path path) throws IOException {
    Files.createDirectory(path);
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      for (Path file : files.filter(file -> !file.toString().endsWith(".crc")).toList()) {
        Files.copy(file, path.resolve(file.getFileName()));
      }
    }
    return new TableOnDisk(path);
  }

  /** Its data files, sorted. */
  List<Path> dataFiles() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  /** Its rows. */
  Dataset<Row> rows() {
    return TestSpark.session().read().parquet(path.toString());
  }

  ObjectNode manifest() throws IOException {
    return (ObjectNode) JSON.readTree(path.resolve(MANIFEST).toFile());
  }

  /** Replaces the manifest, with the right checksum. */
  void write(ObjectNode manifest) throws IOException {
    Files.writeString(path.resolve(MANIFEST), RunManifest.parse(manifest.toString()).toJson());
  }

  /** A table of other rows whose manifest matches its files in all but what rows hold. */
  TableOnDisk rewritten(Path target, Dataset<Row> rows) throws IOException {
    Dataset<Row> told = rows;
    List<String> names = Arrays.asList(rows.columns());
    for (StructField field : rows().schema().fields()) {
      if (names.contains(field.name())) {
        told = told.withMetadata(field.name(), field.metadata());
      }
    }
    told.coalesce(1).write().parquet(target.toString());
    ObjectNode manifest = manifest();
    ArrayNode files = manifest.putArray("files");
    for (ParquetFile file :
        ParquetFiles.readFooters(List.of(target.toString()), new Configuration())) {
      files
          .addObject()
          .put("path", Path.of(file.path()).getFileName().toString())
          .put("bytes", file.bytes())
          .put("rows", file.rows())
          .put("footer_sha256", file.footerSha256())
          .put("sha256", Checksums.sha256(Path.of(URI.create(file.path()))));
    }
    TableOnDisk table = new TableOnDisk(target);
    table.write(manifest);
    return table;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
