package org.sparkgbert.train;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.convert.ImportOptions;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.train.torch.Freeze;

/**
 * What of a model is kept, and what of it is trained.
 *
 * @param maxSeqLength maximum number of tokens per text, if not the model's own
 * @param freeze what is left as it is
 * @param layers layers that are kept, none for all
 * @param vocabulary corpus with the tokens that are kept; empty for all tokens
 * @param textColumn column with its texts
 * @param lora rank of LoRA's matrices, if only they are trained
 */
public record ModelParts(
    Optional<Integer> maxSeqLength,
    Optional<Freeze> freeze,
    List<Integer> layers,
    Optional<CorpusSource> vocabulary,
    String textColumn,
    Optional<Integer> lora) {
  /** All of it. */
  public static final ModelParts ALL =
      new ModelParts(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          "text",
          Optional.empty());

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public ModelParts {
    ImportOptions.MAX_SEQ_LENGTH.require(maxSeqLength);
    Objects.requireNonNull(freeze, "freeze");
    layers = List.copyOf(TrainOptions.LAYERS.require(layers));
    Objects.requireNonNull(vocabulary, "vocabulary");
    Objects.requireNonNull(textColumn, "textColumn");
    TrainOptions.LORA.require(lora);
  }

  /** Reads the settings of {@link TrainOptions}. */
  static ModelParts of(Settings settings) {
    List<String> corpus = settings.get(TrainOptions.PRUNE_VOCABULARY);
    return new ModelParts(
        settings.get(ImportOptions.MAX_SEQ_LENGTH),
        settings.get(TrainOptions.FREEZE),
        settings.get(TrainOptions.LAYERS),
        corpus.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new CorpusSource(
                    corpus,
                    settings.get(InputOptions.FORMAT),
                    settings.get(InputOptions.READ_OPTION),
                    "")),
        settings.get(TrainOptions.TEXT_COLUMN),
        settings.get(TrainOptions.LORA));
  }
}
