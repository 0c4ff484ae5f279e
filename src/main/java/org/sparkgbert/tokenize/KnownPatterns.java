package org.sparkgbert.tokenize;

import java.util.Set;

/**
 * The regular expressions of tokenizers that are opened. Each reads a text in time that grows with
 * its length only; others may take forever, or end the JVM.
 *
 * <p><b>Source:</b> transformers 4.57 and 5, {@code convert_slow_tokenizer} and the tokenizer
 * classes.
 */
final class KnownPatterns {
  private static final Set<String> REGEXES =
      Set.of(
          // SentencePiece
          " {2,}",
          "\\s+",
          "\\n",
          "[\\n\\r\\t]",
          "\\s{2,}|[\\n\\r\\t]",
          // GPT-2
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          // CLIP
          "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          // Llama 3
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          // Qwen 2 and 3
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
          // Qwen 3.5
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
              + "| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

  private KnownPatterns() {}

  static boolean hasRegex(String regex) {
    return REGEXES.contains(regex);
  }
}
