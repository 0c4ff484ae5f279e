package org.sparkgbert.enrich;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.action.Progress;
import org.sparkgbert.embed.EmbedOptions;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.Fingerprint;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.settings.Settings;

/**
 * What makes the vectors of a run.
 *
 * @param bundle the model
 * @param encoding the settings of {@link org.sparkgbert.embed.EmbedderOptions}
 * @param provenance what is said of the vectors
 * @param keys how texts get their keys
 */
record RunModel(Bundle bundle, Settings encoding, EmbeddingProvenance provenance, TextKeys keys) {

  /**
   * Opens the model.
   *
   * @param textColumn the column that is embedded
   * @throws IllegalArgumentException if it cannot be opened, or the settings do not fit it
   */
  static RunModel open(SparkSession spark, Settings encoding, String textColumn) {
    Bundle bundle = ModelReference.of(encoding).open();
    EncoderSettings settings = EncoderSettings.of(encoding, SentenceEmbedder.taskCpus(spark));
    return new RunModel(
        bundle,
        encoding,
        EmbeddingProvenance.of(bundle, settings, textColumn),
        new TextKeys(settings.cleaner(), bundle.manifest().prompt()));
  }

  /** All that its vectors depend on beside the text; see {@link Fingerprint}. */
  String fingerprint() {
    return provenance.fingerprint();
  }

  /**
   * @throws IllegalArgumentException if the column with the text is missing or not a string
   */
  void requireText(StructType corpus) {
    SentenceEmbedder.of(encoding).setInputCol(provenance.textColumn()).requireText(corpus);
  }

  /** What a user should know of it. */
  void noteWarning(Progress progress) {
    embedder().warning().ifPresent(progress::note);
  }

  /** Encodes texts as the settings say. */
  SentenceEmbedder embedder() {
    return SentenceEmbedder.of(encoding).setInputCol(EmbedOptions.TEXT_COLUMN.defaultText());
  }
}
