package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.convert.TestCheckpoints;

class VerifyModelJobTest {
  private static final Path CHECKPOINT = TestCheckpoints.FOLDER.resolve("xlmr-unigram");
  private static final Path GOLDEN = CHECKPOINT.resolve("golden.jsonl");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path shared;
  @TempDir Path folder;
  private final CapturedConsole console = new CapturedConsole();

  @BeforeAll
  static void importModel() {
    CapturedConsole console = new CapturedConsole();
    assertThat(console.run("import-model", CHECKPOINT, "--output", bundle())).isZero();
  }

  private static Path bundle() {
    return shared.resolve("bundle");
  }

  @Test
  void aBundleHoldsAgainstItselfAndItsReference() {
    assertThat(console.run("verify-model", bundle(), "--reference", GOLDEN))
        .as(console.text())
        .isZero();
    assertThat(console.out()).hasSize(4);
    assertThat(console.out().get(0))
        .matches("Bundle xlmr-unigram .*is intact: sha256 [0-9a-f]{64}");
    assertThat(console.out().get(1))
        .startsWith("48 sentences alone and in a batch: largest difference ")
        .endsWith("token ids differ in 0");
    assertThat(console.out().get(2))
        .startsWith("11 sentences compared with the reference: largest difference ")
        .contains("(at most 1.0e-05), smallest cosine 1.0000000 (at least 0.99999)")
        .endsWith("token ids differ in 0");
    assertThat(console.out().get(3)).isEqualTo("Verification passed.");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void aReferenceWithoutTokenIdsIsEnough() throws IOException {
    Path reference = altered(0, json -> json.remove("token_ids"));
    assertThat(console.run("verify-model", bundle(), "--reference", reference)).isZero();
  }

  @Test
  void anotherVectorFailsAndTheWorstSentenceComesFirst() throws IOException {
    Path reference =
        altered(3, json -> ((ArrayNode) json.get("embedding")).set(0, JSON.valueToTree(0.9)));
    assertThat(console.run("verify-model", bundle(), "--reference", reference, "--threads", 1))
        .isEqualTo(Main.FAILED);
    assertThat(console.out()).hasSize(9).endsWith("Verification failed.");
    assertThat(console.out().get(3))
        .matches("  [01]\\.\\d+, cosine 0\\.\\d{7}: Die Bu\u0308rgermeisterin .*");
    assertThat(console.out().get(4)).matches("  [\\d.]+e-0[678], cosine 1\\.0000000: .*");
  }

  @Test
  void otherTokenIdsFailAndAreNamed() throws IOException {
    Path reference =
        altered(0, json -> ((ArrayNode) json.get("token_ids")).set(1, JSON.valueToTree(5)));
    assertThat(console.run("verify-model", bundle(), "--reference", reference))
        .isEqualTo(Main.FAILED);
    assertThat(console.out().get(2)).endsWith("token ids differ in 1");
    assertThat(console.out())
        .anyMatch(line -> line.matches(".*, token ids differ: Der Zug fährt heute .*"));
  }

  @Test
  void aReferenceOfAnotherDimensionIsRefused() {
    Path reference = TestCheckpoints.FOLDER.resolve("dense/golden.jsonl");
    assertWrong("Cannot compare embeddings: the reference has 24 dimensions, found 32", reference);
  }

  @Test
  void aReferenceThatIsNoneIsRefused() throws IOException {
    Path reference = folder.resolve("reference.jsonl");
    Files.writeString(reference, "");
    assertWrong("Cannot read reference %s: it has no lines".formatted(reference), reference);
    Files.writeString(reference, "{\"text\": \"a\", \"embedding\": [1]}\n{\"text\": 1}\n");
    assertWrong(
        "Cannot read reference %s: line 2 needs a text, an embedding of numbers, and token_ids of integers or none"
            .formatted(reference),
        reference);
    Files.writeString(reference, "\n{\"text\": \"a\", \"embedding\": [1, \"2\"]}\n");
    assertWrong(
        "Cannot read reference %s: line 2 needs a text, an embedding of numbers, and token_ids of integers or none"
            .formatted(reference),
        reference);
    Files.writeString(reference, "{\"text\"\n");
    assertWrong("Cannot read reference %s: line 1 is not JSON".formatted(reference), reference);
  }

  @Test
  void blankLinesAndBlankTextsAreLeftOut() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(GOLDEN));
    lines.add(2, "");
    lines.add(3, lines.get(0).replaceFirst("\"text\": \"[^\"]*\"", "\"text\": \" \""));
    lines.add("   ");
    Path reference = Files.write(folder.resolve("blank.jsonl"), lines);
    assertThat(console.run("verify-model", bundle(), "--reference", reference))
        .as(console.text())
        .isZero();
    assertThat(console.out().get(2)).startsWith("11 sentences compared with the reference");
    assertThat(console.out().get(3))
        .isEqualTo("left out of the reference: 1 blank, which have no embedding here");
  }

  @Test
  void aReferenceOfBlankTextsOnlyIsRefused() throws IOException {
    Path reference = folder.resolve("blank.jsonl");
    Files.writeString(reference, "{\"text\": \"\", \"embedding\": [1]}\n");
    assertWrong(
        "Cannot compare embeddings: the reference has blank texts only, which have none here",
        reference);
  }

  @Test
  void aReferenceThatIsNotThereIsSaid() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertWrong("Cannot read reference %s: there is no such file".formatted(nowhere), nowhere);
    assertWrong("Cannot read reference %s: there is no such file".formatted(folder), folder);
    Path latin = Files.write(folder.resolve("latin.jsonl"), new byte[] {(byte) 0xE4, '\n'});
    assertWrong("Cannot read reference %s: it is not UTF-8".formatted(latin), latin);
  }

  @Test
  void aDamagedBundleIsSaid() throws IOException {
    Path damaged = TestCheckpoints.copy(bundle().toAbsolutePath().toString(), folder.resolve("b"));
    byte[] model = Files.readAllBytes(damaged.resolve("model.onnx"));
    model[model.length / 2] ^= 1;
    Files.write(damaged.resolve("model.onnx"), model);
    assertThat(console.run("verify-model", damaged)).isEqualTo(Main.WRONG_USAGE);
    assertThat(console.err()).hasSize(1);
    assertThat(console.err().get(0))
        .contains("Cannot open bundle", "model.onnx is damaged, expected SHA-256");
  }

  @Test
  void aBundleThatIsMissingIsSaid() {
    Path missing = folder.resolve("missing");
    assertThat(console.run("verify-model", missing)).isEqualTo(Main.WRONG_USAGE);
    assertThat(console.err())
        .containsExactly(
            "spark-gbert: Cannot open bundle %s: it needs a bundle.json, found no directory"
                .formatted(missing));
    assertThat(console.out()).isEmpty();
  }

  private Path altered(int line, Consumer<ObjectNode> change) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(GOLDEN));
    ObjectNode json = (ObjectNode) JSON.readTree(lines.get(line));
    change.accept(json);
    lines.set(line, json.toString());
    return Files.write(folder.resolve("altered.jsonl"), lines);
  }

  private void assertWrong(String message, Path reference) {
    CapturedConsole wrong = new CapturedConsole();
    assertThat(wrong.run("verify-model", bundle(), "--reference", reference))
        .isEqualTo(Main.WRONG_USAGE);
    assertThat(wrong.err()).containsExactly("spark-gbert: " + message);
  }
}
