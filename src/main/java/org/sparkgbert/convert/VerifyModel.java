package org.sparkgbert.convert;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.SampleTables;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.model.Bundle;

/**
 * Verifies a bundle: its integrity, and its embeddings against themselves and a reference.
 *
 * <pre>{@code
 * VerifySettings settings = new VerifySettings(Path.of("models/name"), Optional.empty(), 0);
 * boolean holds = new VerifyModel(settings).run(Progress.NONE).holds();
 * }</pre>
 *
 * @param settings what to do
 */
public record VerifyModel(VerifySettings settings) {
  private static final int SENTENCES = 48;

  /**
   * Runs the action.
   *
   * @return what was found
   * @throws IllegalArgumentException if the bundle is damaged, the reference cannot be read, or its
   *     dimension differs
   */
  public Verification run(Progress progress) {
    BundlePublication.finishBeforeReading(settings.bundle());
    Bundle bundle = stage(progress, "verify checksums", () -> Bundle.open(settings.bundle()));
    Optional<List<Reference>> references = settings.reference().map(Reference::read);
    List<String> sentences = SampleTables.texts().subList(0, SENTENCES);
    ModelVerification.Result alone =
        stage(
            progress,
            "encode sentences",
            () -> ModelVerification.alone(bundle, sentences, settings.usedThreads()));
    Optional<ModelVerification.Result> reference =
        references.map(
            texts ->
                stage(
                    progress,
                    "compare with reference",
                    () -> ModelVerification.against(bundle, texts, settings.usedThreads())));
    int blank =
        references.map(List::size).orElse(0)
            - reference.map(result -> result.comparisons().size()).orElse(0);
    return new Verification(bundle, alone, reference, blank);
  }

  private static <T> T stage(Progress progress, String stage, Supplier<T> work) {
    progress.begin(stage);
    try {
      return work.get();
    } finally {
      progress.end();
    }
  }
}
