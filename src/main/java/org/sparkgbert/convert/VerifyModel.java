package org.sparkgbert.convert;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.sparkgbert.action.Progress;
import org.sparkgbert.corpus.SampleTables;
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
    Bundle bundle = stage(progress, "verify checksums", () -> Bundle.open(settings.bundle()));
    List<String> texts = SampleTables.texts().subList(0, SENTENCES);
    ModelVerification.Result alone =
        stage(
            progress,
            "encode sentences",
            () -> ModelVerification.alone(bundle, texts, settings.usedThreads()));
    Optional<ModelVerification.Result> reference =
        settings
            .reference()
            .map(Reference::read)
            .map(
                references ->
                    stage(
                        progress,
                        "compare with reference",
                        () ->
                            ModelVerification.against(bundle, references, settings.usedThreads())));
    return new Verification(bundle, alone, reference);
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
