package org.sparkgbert.search;

import java.util.List;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.vector.Similarity;

/**
 * What a search found, as its report shows it.
 *
 * @param paths the corpus
 * @param where the condition for its rows; empty for all
 * @param finished when the search ended: UTC in ISO 8601
 * @param embeddings what made the corpus' embeddings; null if unknown
 * @param similarity what was compared
 * @param topK maximum number of rows per question
 * @param minScore minimum score; null for none
 * @param corpusRows rows of the corpus that were compared, after the condition
 * @param questions number of questions
 * @param withoutEmbedding those of them that could not be compared
 * @param answered those for which anything was found
 * @param medianScore the median of the best scores; null if nothing was found
 * @param bands how the best scores are distributed
 * @param lowScore best scores below it are unusually low; null if there are too few to tell
 * @param poor questions without a good answer: those without any, then those with the lowest
 *     scores; some of them if there are many
 * @param poorQuestions how many there are
 * @param index the index that was searched; null if all rows were compared
 * @param answers the questions, or evenly chosen ones if there are many, with the best rows
 */
public record SearchFindings(
    List<String> paths,
    String where,
    String finished,
    EmbeddingProvenance embeddings,
    Similarity similarity,
    int topK,
    Double minScore,
    long corpusRows,
    int questions,
    int withoutEmbedding,
    int answered,
    Double medianScore,
    List<ScoreBand> bands,
    Double lowScore,
    List<Answer> poor,
    int poorQuestions,
    IndexUsed index,
    List<Answer> answers) {
  /**
   * An index that was searched.
   *
   * @param info what it says of itself
   * @param probe cells that each question asked
   */
  public record IndexUsed(IndexInfo info, int probe) {}

  public SearchFindings {
    paths = List.copyOf(paths);
    bands = List.copyOf(bands);
    poor = List.copyOf(poor);
    answers = List.copyOf(answers);
  }
}
