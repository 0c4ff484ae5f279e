package org.sparkgbert.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sparkgbert.sts.Evaluation.Agreement;
import org.sparkgbert.vector.Similarity;

class EvaluationCsvTest {
  @Test
  void writesWhatSentenceTransformersWritesForAllSimilarities() {
    Map<Similarity, Agreement> agreement = new LinkedHashMap<>();
    agreement.put(Similarity.COSINE, new Agreement(1.0 / 3, 0.1, 0.0, 0.2));
    agreement.put(Similarity.EUCLIDEAN, new Agreement(-0.25, 1.0, 0.0, 0.2));
    agreement.put(Similarity.MANHATTAN, new Agreement(1e-5, -1.0, 0.0, 0.2));
    agreement.put(Similarity.DOT, new Agreement(null, null, null, null));
    Evaluation evaluation = new Evaluation(3, 0, agreement, 10, 1);
    assertThat(EvaluationCsv.header(evaluation))
        .isEqualTo(
            "epoch,steps,cosine_pearson,cosine_spearman,euclidean_pearson,euclidean_spearman,"
                + "manhattan_pearson,manhattan_spearman,dot_pearson,dot_spearman");
    assertThat(EvaluationCsv.line(evaluation))
        .isEqualTo("-1,-1,0.3333333333333333,0.1,-0.25,1.0,1.0E-5,-1.0,,");
  }
}
