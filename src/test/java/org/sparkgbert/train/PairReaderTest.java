package org.sparkgbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.CorpusSource;

class PairReaderTest {
  @TempDir Path folder;

  @Test
  void pairsAreMappedAndInAnOrderOfTheirOwn() throws IOException {
    assertThat(read("b,c,2.5\na,d,0\na,c,5", true).pairs())
        .containsExactly(new Pair("a", "c", 1), new Pair("a", "d", 0), new Pair("b", "c", 0.5));
  }

  @Test
  void rowsWithoutASentenceOrAScoreAreSkippedAndCounted() throws IOException {
    PairTable found = read("a,b,1\n,b,1\na,\" \",2\na,b,", true);
    assertThat(found.pairs()).containsExactly(new Pair("a", "b", 0.2));
    assertThat(found.skipped()).isEqualTo(3);
  }

  @Test
  void aLossWithoutScoresTakesPairsWithoutScores() throws IOException {
    PairTable found = read("a,b,\na,c,1\na,d,4", false);
    assertThat(found.pairs()).hasSize(3);
    assertThat(found.skipped()).isZero();
    assertThat(found.similar(0.5).pairs()).extracting(Pair::second).containsExactly("b", "d");
    Path file = folder.resolve("two.csv");
    Files.writeString(file, "sentence1,sentence2\na,b\n");
    assertThat(reader().read(source(file), false).pairs()).hasSize(1);
    assertThatThrownBy(() -> reader().read(source(file), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("score");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a,b,5.1|must be from 0 to 5 (--score-range), found 5.1",
        "a,b,-1|must be from 0 to 5 (--score-range), found -1.0",
        "a,b,NaN|must be from 0 to 5 (--score-range), found NaN",
        "a,b,viel|must be numbers, found 'viel'",
        ",b,1|has no pair with two sentences and a score, found 1 rows without",
      })
  void whatCannotBeAPairIsOneLine(String rows, String message) {
    assertThatThrownBy(() -> read(rows, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot train: ")
        .hasMessageContaining(message);
  }

  @Test
  void theChecksumIsThatOfThePairsAlone() throws IOException {
    String checksum = read("a,b,1\nc,d,2", true).checksum();
    assertThat(read("c,d,2\na,b,1\n,x,1", true).checksum()).isEqualTo(checksum);
    assertThat(read("a,b,1\nc,d,3", true).checksum()).isNotEqualTo(checksum);
    assertThat(read("ab,,1\na,b,1\nc,d,2", true).checksum()).isEqualTo(checksum);
    assertThat(read("a,bc,1\nd,d,2", true).checksum()).isNotEqualTo(checksum);
  }

  @Test
  void equalGoldScoresCannotBeEvaluatedOn() throws IOException {
    PairTable equal = read("a,b,2\nc,d,2", true);
    assertThatThrownBy(() -> equal.requireDifferentScores("--dev"))
        .hasMessage(
            "Cannot train: all 2 gold scores of --dev are the same; a correlation needs at least"
                + " two different ones");
    read("a,b,2\nc,d,2.5", true).requireDifferentScores("--dev");
  }

  private PairTable read(String rows, boolean needsScores) throws IOException {
    Path file = folder.resolve("pairs.csv");
    Files.writeString(file, "sentence1,sentence2,score\n" + rows + "\n");
    return reader().read(source(file), needsScores);
  }

  private static CorpusSource source(Path file) {
    return new CorpusSource(List.of(file.toString()), "csv", Map.of("header", "true"), "");
  }

  private static PairReader reader() {
    CorpusSource unused = new CorpusSource(List.of("none"), "csv", Map.of(), "");
    return new PairReader(
        TestSpark.session(),
        new PairReading(
            unused, unused, "sentence1", "sentence2", "score", new ScoreRange(0, 5), 0.5),
        Progress.NONE);
  }
}
