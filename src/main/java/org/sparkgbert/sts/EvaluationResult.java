package org.sparkgbert.sts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.sts.Evaluation.Agreement;

/**
 * What {@code evaluation.json} holds.
 *
 * @param runId the run that scored the pairs, null if unknown
 * @param finished when, ISO 8601 in UTC
 * @param input where the pairs came from, null if unknown
 * @param table where their scores are
 * @param goldColumn column with the gold scores
 * @param embeddings what made the embeddings, null if unknown
 * @param pairs pairs that were compared
 * @param pairsSkipped pairs that lack a gold score or an embedding
 * @param agreement agreement by name of the similarity
 * @param resamples resamples of the bootstrap
 * @param seed its seed
 * @param published figures of known models on STSb-de test
 */
@JsonNaming(SnakeCaseStrategy.class)
record EvaluationResult(
    String runId,
    String finished,
    RunManifest.Input input,
    String table,
    String goldColumn,
    EmbeddingProvenance embeddings,
    long pairs,
    long pairsSkipped,
    Map<String, Agreement> agreement,
    int resamples,
    long seed,
    List<PublishedScore> published) {

  static EvaluationResult of(EvaluatedPairs found) {
    Evaluation evaluation = found.evaluation();
    Optional<ScoredPairs> scored = found.settings().scored();
    Map<String, Agreement> byName = new LinkedHashMap<>();
    evaluation.agreement().forEach((key, value) -> byName.put(key.label(), value));
    return new EvaluationResult(
        scored.map(pairs -> pairs.run().runId()).orElse(null),
        found.finished(),
        scored.map(pairs -> pairs.run().input()).orElse(null),
        found.settings().table().path(),
        found.settings().goldColumn(),
        scored.flatMap(ScoredPairs::embeddings).orElse(null),
        evaluation.pairs(),
        evaluation.pairsSkipped(),
        byName,
        evaluation.resamples(),
        evaluation.seed(),
        found.settings().published());
  }
}
