package org.sparkgbert.train.torch;

/**
 * What training minimizes, computed from the vectors u and v of a batch's pairs. <i>cos</i> is the
 * cosine similarity.
 *
 * <p><b>Source:</b> the losses of sentence-transformers 6.2 under the same names, with their
 * defaults, package {@code sentence_transformers.sentence_transformer.losses}.
 */
public sealed interface Loss {
  /** Whether each pair needs a label; a loss that needs none ignores those of a batch. */
  boolean needsLabels();

  /**
   * {@code ContrastiveLoss} with cosine distance: the mean of 0.5 * (y * d² + (1 - y) * max(0,
   * margin - d)²), where d = 1 - cos(u, v) and y is 1 for similar pairs, 0 for others.
   *
   * <p><b>Source:</b> Hadsell et al., "Dimensionality Reduction by Learning an Invariant Mapping",
   * 2006.
   *
   * @param margin distance that pairs which are not similar should have at least, in (0, 2]
   */
  record Contrastive(double margin) implements Loss {
    /** The margin of sentence-transformers. */
    public static final double MARGIN = 0.5;

    /**
     * @throws IllegalArgumentException if the margin is out of range
     */
    public Contrastive {
      if (!(margin > 0 && margin <= 2)) {
        throw new IllegalArgumentException(
            "Cannot use contrastive loss: its margin must be above 0 and at most 2, found "
                + margin);
      }
    }

    @Override
    public boolean needsLabels() {
      return true;
    }
  }

  /** {@code CosineSimilarityLoss}: the mean of (cos(u, v) - y)², where y is the pair's score. */
  record CosineSimilarity() implements Loss {
    @Override
    public boolean needsLabels() {
      return true;
    }
  }

  /**
   * {@code CoSENTLoss}: log(1 + sum of exp(scale * (cos of pair i - cos of pair j))) over all pairs
   * i and j of the batch where i has the lower score.
   *
   * <p><b>Source:</b> Huang et al., "CoSENT: Consistent Sentence Embedding via Similarity Ranking",
   * 2024.
   *
   * @param scale factor on cosines
   */
  record CoSent(double scale) implements Loss {
    /** The scale of sentence-transformers. */
    public static final double SCALE = 20;

    /**
     * @throws IllegalArgumentException if the scale is not positive
     */
    public CoSent {
      requireScale("CoSENT", scale);
    }

    @Override
    public boolean needsLabels() {
      return true;
    }
  }

  /**
   * {@code MultipleNegativesRankingLoss}: for each u, the cross entropy of choosing its own v among
   * all v of the batch by scale * cos(u, v); the mean over the batch. A batch of one pair has loss
   * 0.
   *
   * <p><b>Source:</b> Henderson et al., "Efficient Natural Language Response Suggestion for Smart
   * Reply", 2017.
   *
   * @param scale factor on cosines
   */
  record MultipleNegativesRanking(double scale) implements Loss {
    /** The scale of sentence-transformers. */
    public static final double SCALE = 20;

    /**
     * @throws IllegalArgumentException if the scale is not positive
     */
    public MultipleNegativesRanking {
      requireScale("multiple negatives ranking", scale);
    }

    @Override
    public boolean needsLabels() {
      return false;
    }
  }

  private static void requireScale(String loss, double scale) {
    if (!(scale > 0 && scale < 1e6)) {
      throw new IllegalArgumentException(
          "Cannot use %s loss: its scale must be positive, found %s".formatted(loss, scale));
    }
  }
}
