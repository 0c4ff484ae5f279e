package org.sparkgbert.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings of {@link VerifyModel}; {@link VerifySettings#of} reads them. */
public final class VerifyOptions {
  /** Where the bundle is. */
  public static final Setting<String> BUNDLE =
      Setting.requiredArgument("bundle").meaning("Directory of the bundle.");

  /** Embeddings of another implementation. */
  public static final Setting<Optional<Path>> REFERENCE =
      Setting.optional("reference", ValueType.PATH)
          .label("FILE")
          .meaning("JSON lines of text and embedding, as computed by sentence-transformers.");

  /** Threads per run. */
  public static final Setting<Integer> THREADS =
      Setting.integer("threads", 0)
          .atLeast(0)
          .atMost(1_024)
          .label("N")
          .meaning("Threads per run; 0 for all cores. At most 1024.");

  /** All settings of the action. */
  public static final List<Setting<?>> ALL = List.of(BUNDLE, REFERENCE, THREADS);

  private VerifyOptions() {}
}
