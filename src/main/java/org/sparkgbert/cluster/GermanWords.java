package org.sparkgbert.cluster;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import opennlp.tools.stemmer.Stemmer;
import opennlp.tools.stemmer.snowball.SnowballStemmer;

/**
 * Splits German texts into words that may name a topic.
 *
 * <p>A word is a run of letters and digits with at least one letter and two characters; hyphens
 * hold compounds together. Stop words are left out, and so are runs too long for a word. Not
 * thread-safe: the stemmer has state.
 *
 * <p>Source of the stems: Snowball's German algorithm, as in Apache OpenNLP.
 */
final class GermanWords {
  private static final int MAX_LENGTH = 64;

  /** Possessive throughout: no text can make it backtrack or recurse. */
  private static final Pattern RUN =
      Pattern.compile(
          "[\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}]*+"
              + "(?:[-\u2010\u2011][\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}]*+)*+");

  /** Soft hyphens, zero-width characters, and direction marks. */
  private static final Pattern FORMAT_CHARACTERS = Pattern.compile("\\p{Cf}++");

  private static final Pattern OTHER_HYPHENS = Pattern.compile("[\u2010\u2011]");

  /** After one of these, a capital says nothing about the word. */
  private static final String SENTENCE_ENDS = ".!?:;…•·|\n\r\"„“”‚‘»«›‹";

  private final Stemmer stemmer = new SnowballStemmer(SnowballStemmer.ALGORITHM.GERMAN);

  /**
   * An occurrence of a word.
   *
   * @param form its spelling
   * @param stem what its inflections share; for counting, not for display
   * @param usual whether this may be its usual spelling: false for a capital that may be due to the
   *     start of a sentence
   */
  record Word(String form, String stem, boolean usual) {}

  /** Passes on the words of a text, which must be in NFC without unpaired surrogates. */
  void split(String text, Consumer<Word> words) {
    String visible = FORMAT_CHARACTERS.matcher(text).replaceAll("");
    Matcher run = RUN.matcher(visible);
    int behind = 0;
    while (run.find()) {
      boolean first = behind == 0 || endsSentence(visible, behind, run.start());
      behind = run.end();
      if (isWord(run.group())) {
        add(OTHER_HYPHENS.matcher(run.group()).replaceAll("-"), first, words);
      }
    }
  }

  private void add(String form, boolean first, Consumer<Word> words) {
    String folded = form.toLowerCase(Locale.ROOT);
    boolean capital = Character.isUpperCase(form.codePointAt(0));
    boolean noun = capital && !first && !form.equals(form.toUpperCase(Locale.ROOT));
    if (!StopWords.contains(folded, noun)) {
      words.accept(new Word(form, stem(folded), !(first && capital)));
    }
  }

  /** The long s stands in for ß, which the stemmer would turn into ss: Maße is not Masse. */
  private String stem(String folded) {
    return stemmer.stem(folded.replace('ß', 'ſ')).toString();
  }

  private static boolean isWord(String run) {
    return run.length() <= MAX_LENGTH
        && run.codePointCount(0, run.length()) > 1
        && run.codePoints().anyMatch(Character::isLetter);
  }

  private static boolean endsSentence(String text, int from, int to) {
    return text.substring(from, to).chars().anyMatch(unit -> SENTENCE_ENDS.indexOf(unit) >= 0);
  }
}
