package org.sparkgbert.cluster;

/**
 * What a mean silhouette says in words. Its thresholds were made for plain distances; MLlib takes
 * squared ones, which give higher values, so that the verdict is rather too kind than too strict.
 *
 * <p>Source: Kaufman and Rousseeuw, Finding Groups in Data, 1990, table 4 of chapter 2.
 */
public enum Structure {
  /** Above 0.7. */
  STRONG(0.7, "strong structure"),
  /** Above 0.5. */
  REASONABLE(0.5, "reasonable structure"),
  /** Above 0.25. */
  WEAK(0.25, "weak structure, which may be artificial"),
  /** Of 0.25 at most. */
  NONE(-1, "no substantial structure");

  private final double above;
  private final String words;

  Structure(double above, String words) {
    this.above = above;
    this.words = words;
  }

  /** The one that a silhouette shows. */
  public static Structure of(double silhouette) {
    for (Structure each : values()) {
      if (silhouette > each.above) {
        return each;
      }
    }
    return NONE;
  }

  /** In words, such as {@code no substantial structure}. */
  public String words() {
    return words;
  }
}
