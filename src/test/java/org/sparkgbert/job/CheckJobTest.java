package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckJobTest {
  private static final int ROWS = 24;

  @TempDir private static Path valid;
  @TempDir private Path folder;
  private TableOnDisk table;

  @BeforeAll
  static void writeTable() {
    TableOnDisk.embed(valid, ROWS);
  }

  @BeforeEach
  void copyTable() throws IOException {
    table = TableOnDisk.copy(valid, folder.resolve("table"));
  }

  @Test
  void aValidTableIsSaidToBeValid() {
    JobRun run = JobRun.of("check", table.toString(), "--sample=5");
    assertThat(run.out())
        .containsExactly(
            "Table %s is valid: 24 rows in 2 files, 5 rows encoded again".formatted(table));
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isEqualTo(Main.SUCCEEDED);
  }

  @Test
  void aSampleLargerThanTheTableIsTheTable() {
    assertThat(JobRun.of("check", table.toString(), "--sample=1000").output())
        .endsWith("24 rows encoded again");
  }

  @Test
  void noTableIsWrongUsage() {
    JobRun run = JobRun.of("check", folder.resolve("none").toString());
    assertThat(run.err())
        .containsExactly(
            "spark-gbert: Cannot read table %s: there is no such directory, and no table of that name"
                .formatted(folder.resolve("none")));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void aTableOfOthersIsWrongUsage() {
    Path corpus = valid.resolve("in");
    JobRun run = JobRun.of("check", corpus.toString());
    assertThat(run.err())
        .containsExactly(
            "spark-gbert: Cannot read table %s: it has no _embedding_run.json, so spark-gbert did not write it"
                .formatted(corpus));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void aFlippedBitInAPageIsFound() throws IOException {
    Path file = table.dataFiles().get(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    Files.write(file, bytes);
    assertFinding("file %s: damaged: ".formatted(file.getFileName()));
  }

  @Test
  void aFlippedBitInAFooterIsFound() throws IOException {
    Path file = table.dataFiles().get(0);
    byte[] bytes = Files.readAllBytes(file);
    int footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int model = text.indexOf("tiny-bert", bytes.length - 8 - footer);
    bytes[model] ^= 1;
    Files.write(file, bytes);
    assertFinding("file %s: footer differ, expected ".formatted(file.getFileName()));
  }

  /** In pages, their headers, column indexes, offset indexes and the footer alike. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void aFlippedBitAnywhereIsFound(int part) throws IOException {
    Path file = table.dataFiles().get(0);
    byte[] bytes = Files.readAllBytes(file);
    int at = bytes.length * part / 20 + part;
    bytes[at] = (byte) (bytes[at] ^ 1 << part % 8);
    Files.write(file, bytes);
    assertThat(JobRun.of("check", table.toString(), "--sample=0").output())
        .contains("file %s: ".formatted(file.getFileName()));
  }

  @Test
  void aFlippedBitInAnIndexIsFound() throws IOException {
    Path file = table.dataFiles().get(0);
    byte[] bytes = Files.readAllBytes(file);
    // Indexes stand between the last page and the footer.
    int footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    bytes[bytes.length - 8 - footer - 3] ^= 2;
    Files.write(file, bytes);
    assertFinding(
        "file %s: damaged: its checksum differs, in an index or in the header of a page"
            .formatted(file.getFileName()));
  }

  @Test
  void anEditedManifestIsFound() throws IOException {
    Path manifest = table.path().resolve("_embedding_run.json");
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.replaceFirst("\"started\" : \"2", "\"started\" : \"3"));
    assertFinding("manifest: it was changed after the run wrote it");
    Files.writeString(
        manifest,
        json.replaceFirst("\"rows_by_status\" : \\{[^}]*}[^}]*}", "\"rows_by_status\" : {}"));
    assertFinding("manifest: it was changed after the run wrote it");
    Files.writeString(manifest, json.replaceFirst("(\"checksum\" : \")[^\"]*", "$1"));
    assertFinding("manifest: it was changed after the run wrote it");
  }

  @Test
  void aTableOfAnEarlierVersionHasNoChecksums() throws IOException {
    ObjectNode manifest = table.manifest().put("format_version", 1);
    manifest.remove("checksum");
    manifest.get("files").forEach(file -> ((ObjectNode) file).remove("sha256"));
    Files.writeString(table.path().resolve("_embedding_run.json"), manifest.toString());
    assertThat(JobRun.of("check", table.toString(), "--sample=5").output())
        .endsWith("is valid: 24 rows in 2 files, 5 rows encoded again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | it is empty",
        "{} | problem: format_version must be from 1 to 2, found 0",
        "{\"run_id\": \"a\", \"format_version\": 2} | problem: rows_by_status is missing",
        "{\"run_id\": \"a\", \"format_version\": 3} | problem: format_version must be from 1 to 2, found 3",
        "{\"run_id\": \"a\", \"format_version\": 2, \"rows_by_status\": {}, \"files\": [null]} | problem: file is missing",
      })
  void aManifestThatLacksSomethingIsSaidInOneLine(String json, String reason) throws IOException {
    Files.writeString(table.path().resolve("_embedding_run.json"), json);
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot read _embedding_run.json: ")
        .contains(reason);
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void aMissingFileIsFound() throws IOException {
    Path file = table.dataFiles().get(1);
    Files.delete(file);
    assertFinding("file %s: missing".formatted(file.getFileName()));
  }

  @Test
  void aFileTooManyIsFound() throws IOException {
    Files.copy(table.dataFiles().get(0), table.path().resolve("part-more.parquet"));
    assertFinding("file part-more.parquet: not in the manifest");
  }

  @Test
  void otherCountsOfStatusesAreFound() throws IOException {
    ObjectNode manifest = table.manifest();
    ((ObjectNode) manifest.get("rows_by_status").get("embedding_status"))
        .put("ok", 23)
        .put("empty", 1);
    table.write(manifest);
    assertFinding(
        "column embedding_status: rows by status differ, expected {ok=23, empty=1}, found {ok=24}");
  }

  @Test
  void otherCountsOfRowsAreFound() throws IOException {
    ObjectNode manifest = table.manifest();
    ObjectNode file = (ObjectNode) manifest.get("files").get(0);
    manifest.put("rows", 24 - file.get("rows").asLong() + 99);
    file.put("rows", 99);
    table.write(manifest);
    assertFinding("file %s: rows differ, expected 99, found ".formatted(file.get("path").asText()));
  }

  @Test
  void anotherTotalOfRowsIsFound() throws IOException {
    table.write(table.manifest().put("rows", 25));
    assertFinding("manifest: rows differ, expected 25, found 24");
  }

  @Test
  void anotherModelIsNamedBesideTheOneThatMadeTheTable() throws IOException {
    Path other = TinyModels.named(folder.resolve("other"), "tiny-other");
    JobRun run = JobRun.of("check", table.toString(), "--model", other.toString());
    assertThat(run.out().get(0))
        .matches(
            "column embedding: cannot be encoded again, the table was made by tiny-bert \\(identity"
                + " [0-9a-f]{12}\\), found tiny-other \\(identity [0-9a-f]{12}\\) in .*other");
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }

  @Test
  void aModelThatIsNotThereIsWrongUsage() {
    JobRun run = JobRun.of("check", table.toString(), "--model", folder.resolve("no").toString());
    assertThat(run.err())
        .containsExactly(
            "spark-gbert: Cannot open bundle %s: it needs a bundle.json, found no directory"
                .formatted(folder.resolve("no")));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  @Test
  void aManifestThatIsNoJsonIsSaidInOneLine() throws IOException {
    Files.writeString(table.path().resolve("_embedding_run.json"), "{\n\"run_id\": oops\n}");
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot read _embedding_run.json: Unrecognized token 'oops'");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
  }

  private void assertFinding(String start) {
    JobRun run = JobRun.of("check", table.toString());
    assertThat(run.out()).as(String.join("\n", run.err())).hasSize(2);
    assertThat(run.out().get(0)).startsWith(start);
    assertThat(run.out().get(1)).isEqualTo("Table %s has 1 finding".formatted(table));
    assertThat(run.code()).isEqualTo(Main.FAILED);
  }
}
