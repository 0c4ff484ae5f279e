package org.sparkgbert.search;

import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.settings.Settings;

/**
 * What makes the embeddings of questions. It must be what made those of the corpus, but for the
 * prompt: models of search put different ones before questions and before what answers them.
 *
 * @param reference where it is, with the prompt of questions
 * @param encoding how it encodes: in the form of the corpus' embeddings
 */
record QuestionModel(ModelReference reference, Settings encoding) {
  private static final String OF_ONE_MEAN = "give tables of one run, or questions as float32";

  /**
   * The model that encodes questions, with their prompt: the one that is set, or else the
   * manifest's for questions, or else the manifest's for all texts. Unless they are set, length and
   * dimensions of embeddings are those of the corpus.
   *
   * @throws IllegalArgumentException if it cannot be opened, or is not the corpus' model, or that
   *     is not known
   */
  static QuestionModel of(SearchSettings settings, SearchedCorpus searched) {
    ModelReference model = ModelReference.of(settings.encoding());
    EmbeddingProvenance corpus =
        searched
            .made()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot search: column '%s' of %s does not say which model made it, so texts cannot be encoded by the same; give questions with embeddings"
                            .formatted(settings.embeddingColumn(), place(settings))));
    Bundle bundle = model.open();
    Bundle likeCorpus =
        bundle.withPrompt(Objects.requireNonNullElse(corpus.prompt(), bundle.manifest().prompt()));
    Settings encoding = corpus.withForm(bundle.manifest(), settings.encoding());
    EmbeddingProvenance asked =
        EmbeddingProvenance.of(likeCorpus, EncoderSettings.of(encoding, 1), "")
            .withMean(corpus.mean());
    corpus.requireComparable(
        "search", place(settings), asked, "--model " + model.location(), OF_ONE_MEAN);
    return new QuestionModel(
        model.withPrompt(settings.queryPrompt().orElseGet(bundle.manifest()::promptOfQuestions)),
        encoding);
  }

  /**
   * Checks what made the embeddings of questions.
   *
   * @param asked what did; empty if that is not known
   * @param table where they are
   * @throws IllegalArgumentException if it is not what made those of the corpus, or that is known
   *     of one of them only
   */
  static void requireSame(
      Optional<EmbeddingProvenance> asked,
      String table,
      SearchSettings settings,
      SearchedCorpus searched) {
    Optional<EmbeddingProvenance> corpus = searched.made();
    if (corpus.isPresent() && asked.isPresent()) {
      corpus.get().requireComparable("search", place(settings), asked.get(), table, OF_ONE_MEAN);
    } else if (corpus.isPresent() != asked.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot search: column '%s' of %s was made by %s, and that of %s does not say what made it"
              .formatted(
                  settings.embeddingColumn(),
                  corpus.isPresent() ? place(settings) : table,
                  corpus.or(() -> asked).get().model(),
                  corpus.isPresent() ? table : place(settings)));
    }
  }

  private static String place(SearchSettings settings) {
    return String.join(", ", settings.corpus().paths());
  }
}
