package org.sparkgbert.sts;

import java.util.Optional;

/**
 * What {@link EvaluatePairs} found.
 *
 * @param settings what was evaluated
 * @param evaluation the figures
 * @param detail what is behind those of the first similarity
 * @param finished when the evaluation ended, ISO 8601 in UTC
 * @param isStsbTest whether the pairs are those of the test set of STSb-de, for which figures of
 *     known models are published
 * @param report where the page is; empty if none was written
 */
public record EvaluatedPairs(
    EvaluationSettings settings,
    Evaluation evaluation,
    EvaluationDetail detail,
    String finished,
    boolean isStsbTest,
    Optional<String> report) {}
