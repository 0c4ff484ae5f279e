package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TokenizedText;
import org.sparkgbert.tokenize.UnicodeForm;

/**
 * Token ids of odd tokenizer files, odd characters and literal padding, as transformers has them.
 */
class TokenizerReferenceTest {
  private static final Path FOLDER = Path.of("src", "test", "resources", "tokenizers");
  private static final float TOLERANCE = 1e-5f;
  private static final int ROWS = 1_000;

  /** Cases in which transformers 4.57 gives other ids or cannot open the files. */
  private static final List<String> NEWER_ONLY =
      List.of(
          "roberta, prefix space of a kept file",
          "roberta, byte pairs",
          "xlm-roberta, pieces",
          "xlm-roberta, metaspace alone",
          "xlm-roberta, user-defined pieces",
          "camembert, pieces",
          "added_tokens_decoder",
          "extra_special_tokens",
          "no post-processor",
          "white space behind words");

  @TempDir Path folder;

  static Stream<Named<JsonNode>> cases() {
    return lines("cases.jsonl").stream().map(row -> Named.of(row.get("name").asText(), row));
  }

  static Stream<Named<JsonNode>> families() {
    return lines("characters.jsonl").stream().map(row -> Named.of(row.get("name").asText(), row));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tokenIdsOfOddFilesAreThoseOfTheReference(JsonNode row) throws IOException {
    List<String> texts = new ArrayList<>();
    json("texts.json").forEach(text -> texts.add(text.asText()));
    assertSameIds(row, texts, row.get("ids"));
  }

  @ParameterizedTest
  @MethodSource("families")
  void tokenIdsOfOddCharactersAreThoseOfTheReference(JsonNode family) throws IOException {
    JsonNode row =
        lines("cases.jsonl").stream()
            .filter(each -> each.get("name").equals(family.get("name")))
            .findFirst()
            .orElseThrow();
    List<String> texts = new ArrayList<>();
    for (JsonNode code : json("characters.json")) {
      String character = Character.toString(code.asInt());
      texts.add("Das%sHaus %s ".formatted(character, character));
    }
    assertThat(texts).hasSizeGreaterThan(200);
    assertSameIds(row, texts, family.get("ids"));
  }

  @Test
  void onlyTheseCasesFollowTheNewerReferenceAlone() {
    assertThat(lines("cases.jsonl").stream().filter(row -> !row.get("agrees").asBoolean()))
        .extracting(row -> row.get("name").asText())
        .containsExactlyElementsOf(NEWER_ONLY);
  }

  /** A padding token in a text shifts positions, but counts for attention and pooling. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert-cased-vocab",
        "camembert",
        "distilbert-plain-hf",
        "electra",
        "mpnet",
        "roberta",
        "xlmr-unigram"
      })
  void literalPaddingIsReadAsTheReferenceReadsIt(String name) {
    List<JsonNode> rows =
        lines("padding.jsonl").stream()
            .filter(row -> row.get("checkpoint").asText().equals(name))
            .toList();
    assertThat(rows).hasSize(4);
    List<String> texts = rows.stream().map(row -> row.get("text").asText()).toList();
    Path source = TestCheckpoints.FOLDER.resolve(name);
    Bundle bundle =
        TestCheckpoints.imported(source, folder.resolve(name), ElementType.FLOAT32, Overrides.NONE);
    assertVectors(bundle, TestCheckpoints.paddingSettings(), texts, rows, TOLERANCE);
    assertVectors(bundle, TinyModel.settings(), texts, rows, TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mpnet", "roberta"})
  void literalPaddingIsReadTheSameInFloat16(String name) {
    List<JsonNode> rows =
        lines("padding.jsonl").stream()
            .filter(row -> row.get("checkpoint").asText().equals(name))
            .toList();
    List<String> texts = rows.stream().map(row -> row.get("text").asText()).toList();
    Bundle bundle =
        TestCheckpoints.imported(
            TestCheckpoints.FOLDER.resolve(name),
            folder.resolve(name),
            ElementType.FLOAT16,
            Overrides.NONE);
    assertVectors(bundle, TinyModel.settings(), texts, rows, 5e-3f);
  }

  private static void assertVectors(
      Bundle bundle,
      EncoderSettings settings,
      List<String> texts,
      List<JsonNode> rows,
      float tolerance) {
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings)) {
      float[][] found = encoder.encode(texts);
      for (int row = 0; row < found.length; row++) {
        JsonNode stored = rows.get(row).get("embedding");
        float[] expected = new float[stored.size()];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = (float) stored.get(i).asDouble();
        }
        assertThat(found[row]).as(texts.get(row)).containsExactly(expected, within(tolerance));
      }
    }
  }

  private void assertSameIds(JsonNode row, List<String> texts, JsonNode expected)
      throws IOException {
    Path checkpoint = checkpoint(row);
    ImportedTokenizer read = TokenizerJson.read(new CheckpointFiles(checkpoint), false, ROWS);
    Path file = Files.write(folder.resolve("tokenizer.json"), read.content());
    TextCleaner cleaner = new TextCleaner(UnicodeForm.NONE, 1_000);
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(file, cleaner, "", 1_000, LongText.CUT)) {
      for (int i = 0; i < texts.size(); i++) {
        TokenizedText found = tokenizer.tokenize(texts.get(i));
        if (!found.isEmpty()) {
          List<Long> ids = new ArrayList<>();
          expected.get(i).forEach(id -> ids.add(id.asLong()));
          assertThat(found.sequences().get(0))
              .as(texts.get(i))
              .containsExactly(ids.toArray(Long[]::new));
        }
        assertThat(found.tokens()).as(texts.get(i)).isEqualTo(expected.get(i).size());
      }
    }
  }

  private Path checkpoint(JsonNode row) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    Path base = TestCheckpoints.FOLDER.resolve(row.get("base").asText());
    for (String name :
        List.of("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt")) {
      if (Files.exists(base.resolve(name))) {
        Files.copy(base.resolve(name), checkpoint.resolve(name));
      }
    }
    for (Map.Entry<String, JsonNode> change : row.get("files").properties()) {
      Path file = checkpoint.resolve(change.getKey());
      JsonNode content = change.getValue();
      if (content.isNull()) {
        Files.delete(file);
      } else if (content.asText().startsWith("base64:")) {
        Files.write(file, Base64.getDecoder().decode(content.asText().substring(7)));
      } else {
        Files.writeString(file, content.isTextual() ? content.asText() : content.toString());
      }
    }
    return checkpoint;
  }

  private static JsonNode json(String name) {
    return CheckpointFiles.readJson(FOLDER.resolve(name));
  }

  private static List<JsonNode> lines(String name) {
    try {
      List<JsonNode> rows = new ArrayList<>();
      for (String line : Files.readAllLines(FOLDER.resolve(name), StandardCharsets.US_ASCII)) {
        rows.add(CheckpointFiles.mapper().readTree(line));
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
