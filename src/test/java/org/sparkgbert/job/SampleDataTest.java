package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.sparkgbert.corpus.SampleTables;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TokenizedText;
import org.sparkgbert.tokenize.UnicodeForm;

/** The German texts and pairs that come with the project. */
class SampleDataTest {
  @Test
  void aFewHundredTextsCoverManyTopics() throws IOException {
    List<JsonNode> corpus = read("corpus.jsonl");
    Map<String, Long> topics =
        corpus.stream()
            .collect(
                Collectors.groupingBy(row -> row.get("topic").asText(), Collectors.counting()));
    assertThat(corpus).hasSizeGreaterThanOrEqualTo(600);
    assertThat(topics).hasSizeGreaterThanOrEqualTo(10);
    assertThat(topics.values()).allMatch(count -> count >= 30);
    assertThat(corpus).extracting(row -> row.get("id").asLong()).doesNotHaveDuplicates();
  }

  @Test
  void someTextsAreBlankAndSomeAreToldTwice() throws IOException {
    List<String> texts = texts();
    List<String> full = texts.stream().filter(text -> text != null && !text.isBlank()).toList();
    assertThat(texts.size() - full.size()).isBetween(2, 10);
    assertThat(texts).containsNull();
    assertThat(full.size() - new HashSet<>(full).size()).isBetween(3, 20);
  }

  @Test
  void textsAreGermanAsItIsWritten() throws IOException {
    String all = String.join("\n", texts().stream().filter(text -> text != null).toList());
    assertThat(all).contains("ä", "ö", "ü", "Ä", "Ö", "Ü", "ß", "„", "“").containsPattern("\\d{2}");
    assertThat(Normalizer.isNormalized(all, Normalizer.Form.NFC)).isTrue();
  }

  @Test
  void oneTextIsLongerThanTheDefaultModelReads() throws IOException {
    Bundle bundle = new ModelReference(ModelReference.DEFAULT, "").open();
    List<Integer> cut = new ArrayList<>();
    try (SentenceTokenizer tokenizer =
        SentenceTokenizer.open(
            bundle.tokenizer(),
            new TextCleaner(UnicodeForm.NFC, 65_536),
            bundle.manifest().prompt(),
            512,
            LongText.CUT)) {
      for (String text : texts()) {
        TokenizedText tokens = tokenizer.tokenize(text == null ? "" : text);
        if (tokens.truncated()) {
          cut.add(tokens.tokens());
        }
      }
    }
    assertThat(cut).singleElement().satisfies(tokens -> assertThat(tokens).isGreaterThan(512));
  }

  @Test
  void pairsSpreadEvenlyOverTheScale() throws IOException {
    List<JsonNode> pairs = read("pairs.jsonl");
    int[] counts = new int[5];
    for (JsonNode pair : pairs) {
      double similarity = pair.get("similarity").asDouble(-1);
      assertThat(similarity).isBetween(0.0, 5.0);
      counts[Math.min(4, (int) similarity)]++;
      assertThat(pair.get("sentence1").asText()).isNotBlank();
      assertThat(pair.get("sentence2").asText()).isNotBlank();
    }
    assertThat(pairs).hasSizeGreaterThanOrEqualTo(150);
    for (int count : counts) {
      assertThat(count).isBetween(pairs.size() * 3 / 20, pairs.size() * 5 / 20);
    }
  }

  @Test
  void theDataAreFreeOfRights() throws IOException {
    try (var in = SampleTables.class.getResourceAsStream("/org/sparkgbert/sample/LICENCE")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains("CC0");
    }
  }

  private static List<String> texts() throws IOException {
    return read("corpus.jsonl").stream().map(row -> row.get("text").textValue()).toList();
  }

  private static List<JsonNode> read(String name) throws IOException {
    JsonMapper json = JsonMapper.builder().build();
    List<JsonNode> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SampleTables.class.getResourceAsStream("/org/sparkgbert/sample/" + name),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.add(json.readTree(line));
      }
    }
    return rows;
  }
}
