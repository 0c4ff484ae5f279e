package org.sparkgbert.enrich;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.tokenize.SentenceTokenizer;

/**
 * Tokens of a sample of texts.
 *
 * @param texts how many texts were tokenized
 * @param tokens their tokens, as far as they are read, special tokens included
 */
record SampledTokens(long texts, long tokens) {
  private static final int SIZE = 500;

  /** Tokenizes some of the texts that a run would encode. */
  static SampledTokens of(MissingTexts missing, RunModel model, SparkSession spark) {
    if (missing.texts() == 0) {
      return new SampledTokens(0, 0);
    }
    List<Row> sample =
        missing.chosen().orderBy(VectorRows.KEY).select(MissingTexts.TEXT).takeAsList(SIZE);
    EncoderSettings settings =
        EncoderSettings.of(model.encoding(), SentenceEmbedder.taskCpus(spark));
    try (SentenceTokenizer tokenizer = SentenceEncoder.openTokenizer(model.bundle(), settings)) {
      long tokens = 0;
      for (Row row : sample) {
        for (long[] sequence : tokenizer.tokenize(row.getString(0)).sequences()) {
          tokens += sequence.length;
        }
      }
      return new SampledTokens(sample.size(), tokens);
    }
  }
}
