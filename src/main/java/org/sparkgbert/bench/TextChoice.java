package org.sparkgbert.bench;

import java.util.List;
import org.sparkgbert.settings.Labels;

/** Which texts to measure with. */
public sealed interface TextChoice {
  /** What a result calls them. */
  String label();

  /**
   * Opens them for a tokenizer.
   *
   * @param most texts that are wanted at most
   * @param seed other seeds give other texts, where texts are made
   */
  TextSource open(TokenCounter counter, int most, long seed);

  /**
   * Texts that are made of German words.
   *
   * @param lengths of the texts
   * @param vocabulary texts whose words are drawn
   */
  record Generated(TextLengths lengths, List<String> vocabulary) implements TextChoice {
    @Override
    public String label() {
      return Labels.of(lengths);
    }

    @Override
    public TextSource open(TokenCounter counter, int most, long seed) {
      return new GermanTexts(vocabulary, counter::count, lengths, counter.most(), seed);
    }
  }

  /**
   * The texts of a corpus in Parquet.
   *
   * @param input file, directory or glob
   * @param column column with the text
   */
  record Corpus(String input, String column) implements TextChoice {
    @Override
    public String label() {
      return input;
    }

    @Override
    public TextSource open(TokenCounter counter, int most, long seed) {
      return CorpusTexts.read(input, column, counter::count, most);
    }
  }
}
