package org.sparkgbert.sts;

import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparkgbert.vector.Similarity;

/**
 * An evaluation in the CSV form of sentence-transformers' EmbeddingSimilarityEvaluator, so that
 * tools made for that can read ours.
 */
public final class EvaluationCsv {
  private EvaluationCsv() {}

  /** Names of the values, without a line end, in the order of the evaluation's similarities. */
  public static String header(Evaluation evaluation) {
    return header(evaluation.agreement().keySet());
  }

  /** The same before there is an evaluation. */
  public static String header(Collection<Similarity> similarities) {
    return similarities.stream()
        .map(Similarity::label)
        .map(name -> "," + name + "_pearson," + name + "_spearman")
        .collect(Collectors.joining("", "epoch,steps", ""));
  }

  /**
   * Its values in full precision, without a line end; undefined ones are empty. Epoch and steps are
   * -1, as nothing is trained.
   */
  public static String line(Evaluation evaluation) {
    return evaluation.agreement().values().stream()
        .flatMap(found -> Stream.of(field(found.pearson()), field(found.spearman())))
        .collect(Collectors.joining("", "-1,-1", ""));
  }

  private static String field(Double value) {
    return value == null ? "," : "," + value;
  }
}
