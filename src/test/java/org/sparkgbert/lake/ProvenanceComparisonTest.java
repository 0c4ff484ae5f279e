package org.sparkgbert.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.embed.TinyBert;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

/** Which embeddings can be compared, and what is said of others. */
class ProvenanceComparisonTest {
  private static EmbeddingProvenance made(SentenceEmbedder embedder) {
    return EmbeddingProvenance.of(
            embedder.transformSchema(TestSpark.ID_AND_TEXT).apply("embedding"))
        .orElseThrow();
  }

  /** As versions without fingerprints wrote it. */
  private static EmbeddingProvenance old(EmbeddingProvenance made) {
    String json =
        made.toMetadata()
            .json()
            .replaceAll("\"(model_identity|fingerprint)\":\"[0-9a-f]+\",", "")
            .replaceAll(",\"(model_identity|fingerprint)\":\"[0-9a-f]+\"", "");
    assertThat(json).doesNotContain("fingerprint").contains("bundle_checksum");
    return parsed(json);
  }

  private static EmbeddingProvenance parsed(String json) {
    return EmbeddingProvenance.of(
            new StructField("e", DataTypes.BinaryType, true, Metadata.fromJson(json)))
        .orElseThrow();
  }

  private static EmbeddingProvenance ofOtherBundle(EmbeddingProvenance made) {
    return parsed(made.toMetadata().json().replace(made.bundleChecksum(), "f".repeat(64)));
  }

  private static Optional<String> difference(EmbeddingProvenance one, EmbeddingProvenance other) {
    Optional<String> difference = one.difference("A", other, "B");
    assertThat(other.difference("A", one, "B").isPresent()).isEqualTo(difference.isPresent());
    return difference;
  }

  @Test
  void theSameModelUnderTheSameSettingsIsComparable() {
    EmbeddingProvenance made = made(TinyBert.embedder());
    EmbeddingProvenance again =
        made(TinyBert.embedder().set(EncoderOptions.MAX_SEQ_LENGTH, 128).setInputCol("text"));
    assertThat(difference(made, again)).isEmpty();
    assertThat(difference(made, ofOtherBundle(made))).as("imported again").isEmpty();
  }

  @Test
  void otherSettingsAreNamedWithBothValues() {
    EmbeddingProvenance plain = made(TinyBert.embedder());
    EmbeddingProvenance other =
        made(
            TinyBert.embedder()
                .set(EncoderOptions.MAX_SEQ_LENGTH, 64)
                .set(TextOptions.LONG_TEXT, LongText.CHUNKS)
                .set(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE)
                .set(TextOptions.MAX_CHARACTERS, 1000));
    assertThat(difference(plain, other))
        .contains(
            "A and B are of the same model, tiny-bert, with different settings: max_seq_length"
                + " (128 and 64), long_text (cut and chunks), normalize_unicode (nfc and none),"
                + " max_characters (65536 and 1000)");
  }

  @Test
  void anotherModelIsNamed() {
    EmbeddingProvenance tiny = made(TinyBert.embedder());
    String identity = tiny.modelIdentity();
    EmbeddingProvenance other =
        parsed(
            tiny.toMetadata()
                .json()
                .replace(identity, "a".repeat(64))
                .replace(tiny.fingerprint(), "b".repeat(64))
                .replace("\"tiny-bert\"", "\"large\""));
    assertThat(difference(tiny, other))
        .contains(
            "A was made by tiny-bert (identity %s), found large (identity aaaaaaaaaaaa) in B"
                .formatted(identity.substring(0, 12)));
  }

  @Test
  void withoutFingerprintsBundlesAndSettingsAreCompared() {
    EmbeddingProvenance made = made(TinyBert.embedder());
    EmbeddingProvenance limited = made(TinyBert.embedder().set(EncoderOptions.MAX_SEQ_LENGTH, 9));
    assertThat(difference(old(made), old(made))).isEmpty();
    assertThat(difference(old(made), made)).isEmpty();
    String settings =
        "A and B are of the same model, tiny-bert, with different settings: max_seq_length (128"
            + " and 9)";
    assertThat(difference(old(made), old(limited))).contains(settings);
    assertThat(difference(old(made), limited)).contains(settings);
  }

  @Test
  void withoutFingerprintsAnotherBundleCannotBeTold() {
    EmbeddingProvenance made = made(TinyBert.embedder());
    assertThat(difference(old(made), ofOtherBundle(made)))
        .contains(
            "A was made by tiny-bert (bundle %s), found tiny-bert (bundle ffffffffffff) in B;"
                    .formatted(made.bundleChecksum().substring(0, 12))
                + " tables written before there were fingerprints can be compared only with"
                + " those of the very same bundle: embed them again");
  }
}
