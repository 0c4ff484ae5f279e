package org.sparkgbert.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Amount;
import org.sparkgbert.convert.TrainingCheckpoint;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.SentenceTokenizer;
import org.sparkgbert.tokenize.TextCleaner;

/**
 * Tokenizers of a model: its own, and one whose vocabulary is cut.
 *
 * @param checkpoint the model
 * @param folder where a tokenizer's file may lie while it is opened
 * @param notes is told what was cut and left out
 */
record Tokenizers(TrainingCheckpoint checkpoint, Path folder, Notes notes) {
  private static final String FILE = "tokenizer.json.read";

  /**
   * Cuts the vocabulary if the settings say so.
   *
   * @param tables pairs whose tokens are kept
   * @throws IllegalArgumentException if the corpus cannot be read, or the tokenizer cannot be cut
   */
  Optional<VocabularyCut> cut(SparkSession spark, ModelParts parts, List<PairTable> tables)
      throws IOException {
    if (parts.vocabulary().isEmpty()) {
      return Optional.empty();
    }
    BitSet used = used(spark, parts.vocabulary().get(), parts.textColumn(), tables);
    VocabularyCut cut = VocabularyCut.of(checkpoint.tokenizer(), used);
    requirePaddingStays(cut);
    notes.add(
        "Vocabulary: %,d of %,d token embeddings are kept."
            .formatted(cut.rows().length, checkpoint.encoder().shape().vocabulary()));
    return Optional.of(cut);
  }

  private BitSet used(
      SparkSession spark, CorpusSource corpus, String column, List<PairTable> tables)
      throws IOException {
    // Cuts nothing, so that tokens behind the model's limit count, too.
    try (SentenceTokenizer whole = open(checkpoint.tokenizer(), Integer.MAX_VALUE)) {
      UsedTokens used = new UsedTokens(whole, new BitSet());
      used.ids().set(checkpoint.paddingToken());
      tables.forEach(table -> used.add(table.pairs()));
      prompts().forEach(used::add);
      used.add(spark, corpus, column, notes.progress());
      return used.ids();
    }
  }

  /** RoBERTa's positions begin behind the id of the padding token. */
  private void requirePaddingStays(VocabularyCut cut) {
    int padding = checkpoint.encoder().shape().firstPosition() - 1;
    if (padding >= 0 && cut.newId(padding).orElse(-1) != padding) {
      throw new IllegalArgumentException(
          "Cannot prune vocabulary: the padding token must keep its id %d, which positions depend on, found tokens before it that do not occur"
              .formatted(padding));
    }
  }

  /** Not only the one in use: whoever uses another one needs its tokens. */
  private List<String> prompts() {
    List<String> prompts = new ArrayList<>();
    checkpoint
        .sentenceConfig()
        .map(config -> config.path("prompts"))
        .ifPresent(all -> all.forEach((JsonNode prompt) -> prompts.add(prompt.asText())));
    return prompts;
  }

  /** Tokenizes the pairs of tables as the model sees them. */
  TokenPairs tokens(String option, PairTable table, PreparedModel model) throws IOException {
    TokenPairs tokens;
    try (SentenceTokenizer tokenizer = open(model.tokenizer(), model.maxSeqLength())) {
      tokens = TokenPairs.of(table.pairs(), tokenizer);
    }
    if (tokens.size() == 0) {
      throw new IllegalArgumentException(
          "Cannot train: %s has no pair with a token that the model knows, found %d pairs"
              .formatted(option, table.pairs().size()));
    }
    if (tokens.empty() > 0) {
      notes.add(
          "%s of %s with a sentence of which the model knows no token: left out."
              .formatted(Amount.of(tokens.empty(), "pair"), option));
    }
    if (tokens.cut() > 0) {
      notes.add(
          "%s of %s longer than --max-seq-length: cut."
              .formatted(Amount.of(tokens.cut(), "sentence"), option));
    }
    return tokens;
  }

  private SentenceTokenizer open(JsonNode content, int maxSeqLength) throws IOException {
    Path file = folder.resolve(FILE);
    Files.write(file, content.toString().getBytes(StandardCharsets.UTF_8));
    try {
      return SentenceTokenizer.open(
          file, TextCleaner.of(Settings.NONE), checkpoint.prompt(), maxSeqLength, LongText.CUT);
    } finally {
      Files.delete(file);
    }
  }
}
