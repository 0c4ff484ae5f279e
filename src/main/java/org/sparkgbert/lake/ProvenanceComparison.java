package org.sparkgbert.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sparkgbert.settings.Labels;

/**
 * Whether the embeddings of two columns can be compared.
 *
 * @param first what made the first
 * @param second what made the second
 */
record ProvenanceComparison(EmbeddingProvenance first, EmbeddingProvenance second) {
  private static final int SHOWN_DIGITS = 12;

  /**
   * Why they cannot be compared; empty if they can.
   *
   * @param place where the first are
   * @param otherPlace where the second are
   */
  Optional<String> difference(String place, String otherPlace) {
    return otherModel(place, otherPlace).or(() -> otherMean(place, otherPlace));
  }

  /** What differs of their models and settings; empty if nothing does. */
  Optional<String> otherModel(String place, String otherPlace) {
    boolean isSame =
        haveFingerprints()
            ? first.fingerprint().equals(second.fingerprint())
            : isSameModel() && settings().isEmpty();
    if (isSame) {
      return Optional.empty();
    }
    String settings = String.join(", ", settings());
    return Optional.of(
        isSameModel()
            ? "%s and %s are of the same model, %s, with different settings: %s"
                .formatted(place, otherPlace, first.model(), settings)
            : "%s was made by %s (%s), found %s (%s) in %s%s%s"
                .formatted(
                    place,
                    first.model(),
                    identity(first),
                    second.model(),
                    identity(second),
                    otherPlace,
                    settings.isEmpty() ? "" : "; they differ in " + settings,
                    remedy()));
  }

  /** Vectors about different origins have no angle between them. */
  Optional<String> otherMean(String place, String otherPlace) {
    if (Objects.equals(first.mean(), second.mean())) {
      return Optional.empty();
    }
    return Optional.of(
        haveMeans()
            ? "the bits of %s and of %s are about different means".formatted(place, otherPlace)
            : "%s holds %s, and %s holds %s"
                .formatted(place, elements(first), otherPlace, elements(second)));
  }

  /** Whether both are about a mean. */
  boolean haveMeans() {
    return first.mean() != null && second.mean() != null;
  }

  private static String elements(EmbeddingProvenance made) {
    return Labels.of(made.elements()) + (made.mean() == null ? "" : " about a mean");
  }

  private boolean haveFingerprints() {
    return first.fingerprint() != null && second.fingerprint() != null;
  }

  private boolean haveIdentities() {
    return first.modelIdentity() != null && second.modelIdentity() != null;
  }

  private boolean isSameModel() {
    return haveIdentities()
        ? first.modelIdentity().equals(second.modelIdentity())
        : Objects.equals(first.bundleChecksum(), second.bundleChecksum());
  }

  /** What both columns say about how they were made, where they differ. */
  private List<String> settings() {
    List<String> differences = new ArrayList<>();
    compare(differences, "precision", first.precision(), second.precision());
    compare(differences, "normalize", first.normalize(), second.normalize());
    compare(differences, "dimension", first.dimension(), second.dimension());
    compare(differences, "prompt", quoted(first.prompt()), quoted(second.prompt()));
    compare(differences, "max_seq_length", first.maxSeqLength(), second.maxSeqLength());
    compare(differences, "long_text", first.longText(), second.longText());
    compare(differences, "normalize_unicode", first.normalizeUnicode(), second.normalizeUnicode());
    compare(differences, "max_characters", first.maxCharacters(), second.maxCharacters());
    if (differences.isEmpty() && haveFingerprints()) {
      compare(differences, "tool_version", first.toolVersion(), second.toolVersion());
    }
    return differences;
  }

  private static void compare(List<String> differences, String name, Object one, Object other) {
    if (!Objects.equals(one, other)) {
      differences.add("%s (%s and %s)".formatted(name, one, other));
    }
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }

  private String identity(EmbeddingProvenance made) {
    return haveIdentities()
        ? "identity " + shortened(made.modelIdentity())
        : "bundle " + shortened(made.bundleChecksum());
  }

  private static String shortened(String checksum) {
    return checksum == null || checksum.length() <= SHOWN_DIGITS
        ? checksum
        : checksum.substring(0, SHOWN_DIGITS);
  }

  /** A bundle that was imported again has another checksum, although it is the same model. */
  private String remedy() {
    return haveFingerprints()
        ? ""
        : "; tables written before there were fingerprints can be compared only with those of the very same bundle: embed them again";
  }
}
