package org.sparkgbert.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.UnicodeForm;

/**
 * All that a vector depends on beside its text.
 *
 * <p>Fingerprints are equal exactly if every text has the same vector, up to the rounding of
 * devices and batches. Where a model came from, when it was imported, and how texts are divided
 * into batches are no part of it.
 *
 * @param network the model but for its limit and prompt; see {@link BundleManifest#network}
 * @param prompt text put before each sentence
 * @param maxSeqLength tokens after which a text is cut or split
 * @param longText what happens to longer texts
 * @param normalizeUnicode what happens to combining marks
 * @param maxCharacters UTF-16 units after which a text is cut
 * @param dimension elements of a vector
 * @param isCut whether the model's own vectors have more
 * @param normalizes whether vectors get unit length after the model
 */
public record Fingerprint(
    String network,
    String prompt,
    int maxSeqLength,
    LongText longText,
    UnicodeForm normalizeUnicode,
    int maxCharacters,
    int dimension,
    boolean isCut,
    boolean normalizes) {
  /** To be raised whenever other code reads texts or makes vectors of them in another way. */
  private static final String RULES = "1";

  public Fingerprint {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(longText, "longText");
    Objects.requireNonNull(normalizeUnicode, "normalizeUnicode");
  }

  /**
   * The fingerprint of vectors that a model makes under these settings.
   *
   * @throws IllegalArgumentException if the settings ask for more than the model reads
   */
  public static Fingerprint of(Bundle bundle, EncoderSettings settings) {
    BundleManifest model = bundle.manifest();
    VectorForm form = VectorForm.of(model, settings);
    return new Fingerprint(
        model.network(),
        model.prompt(),
        SentenceEncoder.maxSeqLength(model, settings),
        settings.longText(),
        settings.cleaner().form(),
        settings.cleaner().maxCharacters(),
        form.dimension(),
        form.isCut(),
        form.normalizes());
  }

  /** SHA-256 over all of it, 64 hexadecimal digits; it is stored with vectors. */
  public String sha256() {
    List<String> parts = new ArrayList<>();
    parts.add(RULES);
    parts.add(network);
    parts.add(prompt);
    parts.add(Integer.toString(maxSeqLength));
    parts.add(Labels.of(longText));
    parts.add(Labels.of(normalizeUnicode));
    parts.add(Integer.toString(maxCharacters));
    // Vectors as the model gives them have the fingerprint that they had before there were forms.
    if (isCut) {
      parts.add("dimension " + dimension);
    }
    if (normalizes) {
      parts.add("unit length");
    }
    return Checksums.sha256(parts);
  }
}
