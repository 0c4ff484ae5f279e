package org.sparkgbert.tokenize;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Turns texts into token ids with the model's own tokenizer file, cut to the model's length the way
 * Hugging Face tokenizers do it: on the right, with special tokens kept. White space around a text
 * is the tokenizer's business: nothing is stripped first, as in sentence-transformers 6.
 *
 * <p><b>Ownership:</b> owns the native tokenizer.
 *
 * <p><b>Threads:</b> safe.
 */
public final class SentenceTokenizer implements AutoCloseable {
  static {
    NativeLibrary.prepare();
  }

  /** A text of one token in any vocabulary, to see what the tokenizer adds around it. */
  private static final String PROBE = "a";

  private final HuggingFaceTokenizer tokenizer;
  private final TextCleaner cleaner;
  private final String prompt;
  private final int maxSeqLength;
  private final LongText longText;
  private final int leadingSpecials;
  private final int trailingSpecials;
  private final long[] promptIds;

  private SentenceTokenizer(
      HuggingFaceTokenizer tokenizer,
      TextCleaner cleaner,
      String prompt,
      int maxSeqLength,
      LongText longText) {
    this.tokenizer = tokenizer;
    this.cleaner = cleaner;
    this.prompt = prompt;
    this.maxSeqLength = maxSeqLength;
    this.longText = longText;
    long[] special = tokenizer.encode(PROBE).getSpecialTokenMask();
    this.leadingSpecials = countLeading(special);
    this.trailingSpecials = countTrailing(special);
    this.promptIds = content(ids(prompt.stripTrailing()));
  }

  /**
   * Opens a tokenizer.
   *
   * @param file a {@code tokenizer.json} in the format of Hugging Face tokenizers
   * @param cleaner how characters are cleaned first
   * @param prompt text put before each sentence, possibly empty
   * @param maxSeqLength maximum number of tokens per sequence, special tokens included
   * @param longText what happens to longer texts
   * @throws IllegalArgumentException if the file is not a tokenizer, has components that no
   *     supported model family uses, or the prompt leaves no room for text
   */
  public static SentenceTokenizer open(
      Path file, TextCleaner cleaner, String prompt, int maxSeqLength, LongText longText) {
    TokenizerFile.require(file, "Cannot open tokenizer " + file + ": ");
    return openUnchecked(file, cleaner, prompt, maxSeqLength, longText);
  }

  /** The same for a file of which nothing is known. */
  static SentenceTokenizer openUnchecked(
      Path file, TextCleaner cleaner, String prompt, int maxSeqLength, LongText longText) {
    HuggingFaceTokenizer tokenizer = openNative(file);
    try {
      SentenceTokenizer opened =
          new SentenceTokenizer(tokenizer, cleaner, prompt, maxSeqLength, longText);
      opened.requireRoom();
      return opened;
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer openNative(Path file) {
    try {
      return HuggingFaceTokenizer.newInstance(
          file, Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot open tokenizer %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void requireRoom() {
    int added = leadingSpecials + promptIds.length + trailingSpecials;
    if (added >= maxSeqLength) {
      throw new IllegalArgumentException(
          "Cannot tokenize: special tokens and prompt take %d tokens, which leaves no room in a max"
                  .formatted(added)
              + " sequence length of "
              + maxSeqLength);
    }
  }

  /**
   * Tokenizes one text.
   *
   * @param text any string, not null
   * @throws RuntimeException if the native tokenizer rejects the text
   */
  public TokenizedText tokenize(String text) {
    if (TextCleaner.isBlank(text)) {
      return empty(0, false);
    }
    TextCleaner.CleanText clean = cleaner.clean(text);
    long[] ids = ids(prompt + clean.text());
    int own = ids.length - leadingSpecials - trailingSpecials - promptIds.length;
    if (own < 1) {
      return empty(ids.length, clean.cut());
    }
    if (ids.length <= maxSeqLength) {
      return new TokenizedText(ids.length, clean.cut(), List.of(ids), new int[] {own});
    }
    return switch (longText) {
      case CUT -> cut(ids);
      case CHUNKS -> chunks(ids, clean.cut());
    };
  }

  /**
   * Token ids with special tokens, and nothing else: {@link HuggingFaceTokenizer#encode} would also
   * copy each token's string and position into the JVM, which takes longer than tokenizing.
   */
  private long[] ids(String text) {
    long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, true);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding);
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  private static TokenizedText empty(int tokens, boolean cut) {
    return new TokenizedText(tokens, cut, List.of(), new int[0]);
  }

  private TokenizedText cut(long[] ids) {
    long[] kept = Arrays.copyOf(ids, maxSeqLength);
    System.arraycopy(
        ids,
        ids.length - trailingSpecials,
        kept,
        maxSeqLength - trailingSpecials,
        trailingSpecials);
    return new TokenizedText(ids.length, true, List.of(kept), new int[] {capacity()});
  }

  /** Each chunk begins with the prompt and holds the next tokens of the text. */
  private TokenizedText chunks(long[] ids, boolean cut) {
    long[] own = Arrays.copyOfRange(content(ids), promptIds.length, contentLength(ids));
    List<long[]> sequences = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    int before = leadingSpecials + promptIds.length;
    for (int from = 0; from < own.length; from += capacity()) {
      int size = Math.min(capacity(), own.length - from);
      long[] chunk = Arrays.copyOf(ids, before + size + trailingSpecials);
      System.arraycopy(own, from, chunk, before, size);
      System.arraycopy(ids, ids.length - trailingSpecials, chunk, before + size, trailingSpecials);
      sequences.add(chunk);
      sizes.add(size);
    }
    return new TokenizedText(
        ids.length, cut, sequences, sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Maximum number of tokens of its own that a text may have without being cut. */
  private int capacity() {
    return maxSeqLength - leadingSpecials - trailingSpecials - promptIds.length;
  }

  private int contentLength(long[] ids) {
    return ids.length - leadingSpecials - trailingSpecials;
  }

  private long[] content(long[] ids) {
    return Arrays.copyOfRange(ids, leadingSpecials, leadingSpecials + contentLength(ids));
  }

  private static int countLeading(long[] special) {
    int count = 0;
    while (count < special.length && special[count] == 1) {
      count++;
    }
    return count;
  }

  private static int countTrailing(long[] special) {
    int count = 0;
    while (count < special.length && special[special.length - 1 - count] == 1) {
      count++;
    }
    return count;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
