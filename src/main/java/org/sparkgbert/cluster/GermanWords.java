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
 * hold compounds together. Stop words are left out, and runs too long for a word. Not safe for
 * threads: the stemmer has a state.
 *
 * <p>Source of the stems: Snowball's German algorithm, as Apache OpenNLP has it.
 */
final class GermanWords {
  private static final int MAX_LENGTH = 64;

  /** Possessive throughout: no text makes it backtrack or recurse. */
  private static final Pattern RUN =
      Pattern.compile(
          "[\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}]*+"
              + "(?:[-\u2010\u2011][\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}]*+)*+");

  /** Soft hyphens, zero width characters, marks of direction. */
  private static final Pattern FORMAT_CHARACTERS = Pattern.compile("\\p{Cf}++");

  private static final Pattern OTHER_HYPHENS = Pattern.compile("[\u2010\u2011]");

  /** After one of these a capital says nothing of the word. */
  private static final String SENTENCE_ENDS = ".!?:;…•·|\n\r\"„“”‚‘»«›‹";

  private final Stemmer stemmer = new SnowballStemmer(SnowballStemmer.ALGORITHM.GERMAN);

  /**
   * A word where it stands.
   *
   * @param form as it is written
   * @param stem what its inflections share; for counting, not for people
   * @param usual whether this may be its usual spelling: false for a capital that the start of a
   *     sentence explains
   */
  record Word(String form, String stem, boolean usual) {}

  /** Hands over the words of a text, which is in NFC without unpaired surrogates. */
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

  /** The long s stands in for ß, of which the stemmer would make ss: Maße are no Masse. */
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
