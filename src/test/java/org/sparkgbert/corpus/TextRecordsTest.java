package org.sparkgbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;

/** CSV and JSON: nothing is read as something else than what stands there. */
class TextRecordsTest {
  private final SparkSession spark = TestSpark.session();

  @TempDir Path folder;

  @Test
  void columnsInAnotherOrderAreRefused() {
    write("a.csv", "id,text\n1,Guten Morgen\n");
    write("b.csv", "text,id\nGute Nacht,2\n");
    assertRefused(
        csv("header=true"),
        "Cannot read CSV files by position: file:%s/a.csv has the columns [id, text], found [text, id] in file:%s/b.csv; read them in separate runs"
            .formatted(folder, folder));
    assertThat(open(csv("header=true", "enforceSchema=true")).count())
        .isEqualTo(OptionalLong.of(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"id,body\n2,Gute Nacht\n", "id\n2\n", "id,text,lang\n2,Nacht,de\n"})
  void otherColumnsAreRefused(String other) {
    write("a.csv", "id,text\n1,Guten Morgen\n");
    write("b.csv", other);
    assertThatThrownBy(() -> open(csv("header=true")))
        .hasMessageContaining("found [id")
        .hasMessageContaining("/b.csv");
  }

  @Test
  void filesWithEqualHeadersAreOneCorpus() {
    write("a.csv", "\uFEFFid,text\n1,Guten Morgen\n");
    write("b.csv", "id,text\r\n2,Gute Nacht\r\n");
    write("c.csv", "");
    for (String multiLine : List.of("true", "false")) {
      Corpus corpus = open(csv("header=true", "multiLine=" + multiLine));
      assertThat(corpus.rows().columns()).containsExactly("id", "text");
      assertThat(corpus.count()).isEqualTo(OptionalLong.of(2));
      assertThat(texts(corpus)).containsExactlyInAnyOrder("Guten Morgen", "Gute Nacht");
      assertThat(corpus.notes("text")).isEmpty();
      corpus.requireInEveryFile("text");
    }
  }

  @Test
  void aMissingHeaderIsHintedAt() {
    write("a.csv", "id,text\n1,Guten Morgen\n");
    assertThatThrownBy(() -> open(csv()).requireInEveryFile("text"))
        .hasMessage(
            "Cannot read column 'text': there is no such column, found [_c0, _c1]; if the first"
                + " line of each file has the names, add --read-option header=true");
  }

  /** Seven pairs, of which a stray quote at the start of fields would make four. */
  @Test
  void linesThatStrayQuotesJoinAreRefused() {
    StringBuilder pairs = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      pairs.append(i == 1 ? "\"" : "").append("Satz ").append(i).append('\t');
      pairs.append("Paar ").append(i).append('\t').append(i).append("\n");
      if (i == 4) {
        pairs.insert(pairs.lastIndexOf("\tPaar"), '"');
      }
    }
    write("a.tsv", pairs.toString());
    assertThatThrownBy(() -> open(csv("sep=\t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read corpus: in 1 records a stray quote seems to have joined")
        .hasMessageContaining("--read-option quote=")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    assertThat(open(csv("sep=\t", "quote=")).count()).isEqualTo(OptionalLong.of(7));
    Corpus asIs = open(csv("sep=\t", "mode=PERMISSIVE"));
    assertThat(asIs.count()).isEqualTo(OptionalLong.of(4));
    assertThat(asIs.notes()).singleElement().asString().contains("in 1 records a stray quote");
  }

  @ParameterizedTest
  @CsvSource({"'\"Satz', Paar, 1", "Satz, '\"Paar', 1", "Satz, Paar, '\"1'"})
  void aQuoteThatIsNeverClosedIsNoticed(String first, String second, String third) {
    write("a.tsv", "A\tB\t0\n%s\t%s\t%s\nC\tD\t2\nE\tF\t3\n".formatted(first, second, third));
    assertThatThrownBy(() -> open(csv("sep=\t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read corpus: ")
        .hasMessageContaining("--read-option quote=");
    assertThat(open(csv("sep=\t", "quote=")).count()).isEqualTo(OptionalLong.of(4));
  }

  @Test
  void fieldsOfSeveralLinesAreNoStrayQuotes() {
    write(
        "a.csv",
        "id,text,lang\n"
            + "1,\"Guten Morgen,\n"
            + "\"\"lieber\"\" Freund, du\n"
            + "\",de\n"
            + "2,\"x\n\n"
            + "y\",de\n"
            + "3,5\" Rohr,de\n");
    Corpus corpus = open(csv("header=true"));
    assertThat(texts(corpus))
        .containsExactly("Guten Morgen,\n\"lieber\" Freund, du\n", "x\n\ny", "5\" Rohr");
    assertThat(corpus.notes("text")).isEmpty();
  }

  @Test
  void numberedLinesThatAQuoteJoinsAreReportedWhereProseHasTheSeparator() {
    write("a.csv", "id,text\n1,\"Ja, gut\n2,Nein\n3,Doch\n");
    write("b.csv", "id,text\n4,\"Ja, gut\nNein, nein\"\n5,Doch\n");
    Corpus corpus = open(csv("header=true"));
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(3));
    assertThat(corpus.notes("text"))
        .singleElement()
        .asString()
        .startsWith("Corpus: in 1 records a stray quote seems to have joined lines, the first in")
        .contains("/a.csv; if quotes are plain text add --read-option quote=");
  }

  @Test
  void recordsWithOtherColumnsAreRefused() {
    write("a.csv", "1,Guten Morgen\n2\n3,Gute, Nacht\n4,Gut\n");
    assertThatThrownBy(() -> open(csv()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read corpus: 2 of 4 records are malformed, the first in file://%s/a.csv"
                .formatted(folder))
        .hasMessageContaining("--read-option mode=PERMISSIVE");
    Corpus asIs = open(csv("mode=PERMISSIVE"));
    assertThat(asIs.rows().count()).isEqualTo(4);
    assertThat(asIs.notes("_c1")).singleElement().asString().contains("2 of 4 records");
  }

  @Test
  void linesThatAreNoJsonAreRefused() {
    write("a.json", "{\"text\": \"Guten Morgen\"}\n{\"text\": \"Gute\n{\"text\": null}\n");
    assertThatThrownBy(() -> open(json()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read corpus: 1 of 3 records are malformed, ")
        .hasMessageContaining("--read-option multiLine=true");
    Corpus asIs = open(json("mode=permissive"));
    assertThat(asIs.rows().count()).isEqualTo(3);
    assertThat(asIs.notes()).singleElement().asString().contains("1 of 3 records");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1}{\"id\":2}",
        "{\"id\":1} {\"id\":2}",
        "{\"id\":1} garbage",
        "{\"id\":1},",
        "{\"id\":1}}",
        "[{\"id\":1}] 2"
      })
  void whatStandsBehindTheObjectOfALineIsRefused(String line) {
    write("a.json", "{\"id\":0}\n" + line + "\n\n{\"id\":3}");
    assertThatThrownBy(() -> open(json()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read corpus: 1 of 3 records are malformed, the first in file://%s/a.json (not"
                + " one JSON object a line)",
            folder);
    Corpus asIs = open(json("mode=PERMISSIVE"));
    assertThat(asIs.count()).isEqualTo(OptionalLong.of(3));
    assertThat(asIs.notes()).singleElement().asString().contains("1 of 3 records are malformed");
  }

  @Test
  void linesThatSparkParsesAreTaken() {
    write("a.json", "{'id': 1, 'x': {'y': [1, {}]}} \t\r\n  \r\n[{\"id\": 2}, {\"id\": 3}]\r\n");
    assertThat(open(json()).count()).isEqualTo(OptionalLong.of(3));
    write("a.json", "{id: 1} // {\n{\"id\": NaN} /* , */\n");
    Corpus lenient = open(json("allowComments=true", "ALLOWUNQUOTEDFIELDNAMES=true"));
    assertThat(lenient.count()).isEqualTo(OptionalLong.of(2));
    assertThat(lenient.notes()).isEmpty();
  }

  @Test
  void linesOfAnotherEncodingAndSeparatorAreLookedAtAsSparkReadsThem() throws IOException {
    String lines = "{\"text\": \"Ü\"};;{\"text\": \"ß\"}";
    for (String encoding : List.of("UTF-16LE", "ISO-8859-1")) {
      CorpusSource source = json("lineSep=;;", "Encoding=" + encoding);
      Files.write(folder.resolve("a.json"), lines.getBytes(encoding));
      assertThat(texts(open(source))).containsExactly("Ü", "ß");
      Files.write(folder.resolve("a.json"), (lines + "{}").getBytes(encoding));
      assertThatThrownBy(() -> open(source)).hasMessageContaining("1 of 2 records are malformed");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": 1}\n{\"id\": 2}\n",
        "{\n  \"id\": 1\n}\n{\n  \"id\": 2\n}\n",
        "{\"id\": 1},\n",
        "[{\"id\": 1}]\n[{\"id\": 2}]",
        "{\"id\": 1} garbage"
      })
  void filesOfSeveralJsonValuesAreRefused(String content) {
    write("a.json", "{\"id\": 0}");
    write("b.json", content);
    String finding =
        "in 1 files something stands behind the first JSON value, which alone is read with"
            + " multiLine=true, the first is file:%s/b.json".formatted(folder);
    assertRefused(
        json("multiline=TRUE"),
        "Cannot read corpus: "
            + finding
            + "; if each line is one JSON object leave out --read-option multiLine=true, otherwise"
            + " put the values of a file into one array; with --read-option mode=PERMISSIVE they"
            + " are taken as Spark reads them");
    Corpus asIs = open(json("multiLine=true", "mode=PERMISSIVE"));
    assertThat(asIs.count()).isEqualTo(OptionalLong.of(2));
    assertThat(asIs.notes()).containsExactly("Corpus: " + finding + ".");
  }

  @Test
  void filesOfOneJsonValueAreTaken() throws IOException {
    write("a.json", "\n{\n  \"text\": \"Ü\"\n}\n\n \t\r\n");
    write("b.json", "[\n  {\"text\": \"ä\"},\n  {'text': \"ö\"}\n]\n");
    Files.write(
        folder.resolve("c.json"), "{\"text\":\n\"ß\"}\n".getBytes(StandardCharsets.UTF_16BE));
    Corpus corpus = open(json("multiLine=true"));
    assertThat(texts(corpus)).containsExactlyInAnyOrder("Ü", "ä", "ö", "ß");
    assertThat(corpus.count()).isEqualTo(OptionalLong.of(4));
    assertThat(corpus.notes()).isEmpty();
  }

  @Test
  void textThatIsNoJsonAtAllSaysWhatItSeemsToBe() {
    write("a.csv", "id,text\n1,Guten Morgen\n");
    assertRefused(
        json(),
        "Cannot read corpus %s: no record is JSON, it seems to be text: use --format csv"
            .formatted(folder));
  }

  @Test
  void filesOfJsonWithoutTheTextAreNamed() {
    write("a.json", "{\"text\": \"Guten Morgen\"}\n{\"id\": \"01067\"}\n");
    write("b.json", "{\"body\": \"Gute Nacht\", \"id\": \"01067\"}\n");
    Corpus corpus = open(json());
    assertThat(corpus.notes("text"))
        .containsExactly(
            "Corpus: in 1 files no record has a value 'text', such as file://%s/b.json."
                .formatted(folder));
    assertThat(corpus.rows().where("id = '01067'").count()).isEqualTo(2);
    assertThat(corpus.notes("id")).isEmpty();
  }

  @Test
  void bytesOfAnotherEncodingAreReported() throws IOException {
    Files.write(
        folder.resolve("a.csv"), "1,Müller\n2,Meier\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(open(csv()).notes())
        .singleElement()
        .asString()
        .startsWith("Corpus: 1 of 2 records hold U+FFFD, ")
        .contains("--read-option encoding=ISO-8859-1");
    Corpus right = open(csv("encoding=ISO-8859-1"));
    assertThat(right.notes()).isEmpty();
    assertThat(right.rows().where("_c1 = 'Müller'").count()).isEqualTo(1);
  }

  @Test
  void postcodesStayTexts() {
    write("a.csv", "id,plz,score\n1,01067,0.5\n2,99084,1.0\n");
    assertThat(open(csv("header=true")).rows().where("plz = '01067'").count()).isEqualTo(1);
    assertRefused(
        csv("header=true", "inferSchema=true"),
        "Cannot read column 'plz' as int, as inferSchema wants: 01067 would lose its leading zeros;"
            + " run without it");
    write("a.csv", "id,score\n1,0.5\n0,1.0\n");
    assertThat(open(csv("header=true", "inferSchema=true")).rows().where("id < score").count())
        .isEqualTo(1);
  }

  @Test
  void textsWithoutRecordsAreRefused() {
    write("a.csv", "");
    assertRefused(csv(), "Cannot read corpus %s: it has no rows".formatted(folder));
    assertRefused(csv("header=true"), "Cannot read corpus %s: it has no rows".formatted(folder));
  }

  @Test
  void recordsOfNumbersAreCounted() {
    write("a.json", "{\"id\": 1}\n{\"id\": 2}\n");
    assertThat(open(json()).count()).isEqualTo(OptionalLong.of(2));
    assertThat(open(json()).notes("text")).isEmpty();
  }

  @Test
  void anUnknownEncodingIsRefused() {
    write("a.csv", "id,text\n");
    assertThatThrownBy(() -> open(csv("encoding=windows-1252")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot read corpus %s: [INVALID_PARAMETER_VALUE.CHARSET]", folder)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void namesOfColumnsAreThoseOfSpark() {
    write("a.csv", "id,,Text,text,a.b\n1,2,3,4,5\n");
    assertThat(open(csv("header=true")).rows().columns())
        .containsExactly(spark.read().option("header", "true").csv(folder + "/a.csv").columns());
    assertThat(open(csv()).rows().columns()).containsExactly("_c0", "_c1", "_c2", "_c3", "_c4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "0", "1e-3"})
  void aSampleForTheSchemaIsRefused(String ratio) {
    write("a.json", "{\"text\": \"Guten Morgen\"}\n");
    assertThatThrownBy(() -> open(json("samplingRatio=" + ratio)))
        .hasMessage(
            "Cannot read: samplingRatio=%s leaves out rows without a word; run without it", ratio);
    assertThat(open(json("samplingRatio=1.0")).count()).isEqualTo(OptionalLong.of(1));
  }

  private void assertRefused(CorpusSource source, String message) {
    assertThatThrownBy(() -> open(source))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private Corpus open(CorpusSource source) {
    return source.open(spark);
  }

  private static List<String> texts(Corpus corpus) {
    return corpus.rows().select("text").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private CorpusSource csv(String... options) {
    return source("csv", options);
  }

  private CorpusSource json(String... options) {
    return source("json", options);
  }

  private CorpusSource source(String format, String... options) {
    Map<String, String> map = new TreeMap<>();
    for (String option : options) {
      map.put(option.replaceFirst("=.*", ""), option.replaceFirst("[^=]*=", ""));
    }
    return new CorpusSource(List.of(folder.toString()), format, map, "");
  }

  private void write(String name, String content) {
    try {
      Files.writeString(folder.resolve(name), content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
