package org.sparkgbert.bench;

import java.util.List;
import org.sparkgbert.settings.Labels;

/** Which texts to measure with. */
public sealed interface TextChoice {
  /** Their name in a result. */
  String label();

  /**
   * Opens them for a tokenizer.
   *
   * @param most maximum number of texts
   * @param seed other seeds give other texts, if texts are generated
   */
  TextSource open(TokenCounter counter, int most, long seed);

  /**
   * Texts that are generated from German words.
   *
   * @param lengths lengths of the texts
   * @param vocabulary texts from which words are drawn
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
   * The texts of a Parquet corpus.
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
