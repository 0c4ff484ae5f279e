package org.sparkgbert.lake;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.Fingerprint;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.encode.VectorForm;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.model.Version;
import org.sparkgbert.settings.Labels;
import org.sparkgbert.settings.Settings;

/**
 * What made a column of embeddings: embeddings can be compared only if their fingerprints are
 * equal. Columns that were written before there were fingerprints have none, and no identity of the
 * model; see {@link #difference}.
 *
 * @param model the model's name
 * @param source where its weights come from
 * @param revision the source's version or commit
 * @param licence the licence as the source declares it
 * @param bundleChecksum SHA-256 of the bundle's manifest, different for each import of the model
 * @param modelIdentity the model; see {@link Bundle#identity}
 * @param fingerprint all that changes vectors; see {@link Fingerprint}
 * @param dimension length of an embedding
 * @param pooling how token vectors became one
 * @param normalize whether embeddings have unit length
 * @param precision type of the weights
 * @param prompt text put before each sentence
 * @param maxSeqLength tokens after which a text was cut or split
 * @param longText {@code cut} or {@code chunks}
 * @param normalizeUnicode {@code nfc} or {@code none}
 * @param maxCharacters UTF-16 units after which a text was cut
 * @param textColumn the column that was embedded
 * @param toolVersion version of spark-gbert
 * @param cutFrom length of the model's own vectors if embeddings are their beginnings, else null
 * @param outputPrecision {@code int8} or {@code binary} if elements were rounded, see {@link
 *     Int8Vectors} and {@link BinaryVectors}, whether or not they are stored as floats now; else
 *     null
 * @param mean what was subtracted from each vector: of {@code binary}, the mean about which its
 *     bits are; null for nothing
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record EmbeddingProvenance(
    String model,
    String source,
    String revision,
    String licence,
    String bundleChecksum,
    String modelIdentity,
    String fingerprint,
    int dimension,
    String pooling,
    boolean normalize,
    String precision,
    String prompt,
    int maxSeqLength,
    String longText,
    String normalizeUnicode,
    int maxCharacters,
    String textColumn,
    String toolVersion,
    @JsonInclude(JsonInclude.Include.NON_NULL) Integer cutFrom,
    @JsonInclude(JsonInclude.Include.NON_NULL) String outputPrecision,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<Double> mean) {

  /** Copies what is a list. */
  public EmbeddingProvenance {
    mean = mean == null ? null : List.copyOf(mean);
  }

  /** Key under which this is stored in the column's metadata. */
  public static final String METADATA_KEY = "spark_gbert";

  /**
   * The provenance of a column of embeddings that is about to be made.
   *
   * @param bundle the model
   * @param settings how texts are encoded
   * @param textColumn the column that is embedded
   */
  public static EmbeddingProvenance of(Bundle bundle, EncoderSettings settings, String textColumn) {
    BundleManifest model = bundle.manifest();
    VectorForm form = VectorForm.of(model, settings);
    return new EmbeddingProvenance(
        model.name(),
        model.source(),
        model.revision(),
        model.licence(),
        bundle.checksum(),
        bundle.identity(),
        Fingerprint.of(bundle, settings).sha256(),
        form.dimension(),
        model.pooling(),
        form.hasUnitLength(),
        model.precision(),
        model.prompt(),
        SentenceEncoder.maxSeqLength(model, settings),
        Labels.of(settings.longText()),
        Labels.of(settings.cleaner().form()),
        settings.cleaner().maxCharacters(),
        textColumn,
        Version.CURRENT,
        form.isCut() ? form.modelDimension() : null,
        null,
        null);
  }

  /** As metadata of the vector's column. */
  public Metadata toMetadata() {
    return ColumnMetadata.of(METADATA_KEY, this, model);
  }

  /**
   * Reads it back from a column.
   *
   * @return empty if the column was not made by spark-gbert
   * @throws IllegalArgumentException if the stored value cannot be read
   */
  public static Optional<EmbeddingProvenance> of(StructField column) {
    return ColumnMetadata.read(column, METADATA_KEY, EmbeddingProvenance.class);
  }

  /**
   * A copy for another table.
   *
   * @param column that table's column with the text, empty if it has none
   */
  public EmbeddingProvenance withTextColumn(String column) {
    return with(column, outputPrecision, mean);
  }

  /** A copy for vectors whose elements have another precision, about no mean. */
  public EmbeddingProvenance withOutputPrecision(OutputPrecision precision) {
    return with(
        textColumn, precision == OutputPrecision.FLOAT32 ? null : Labels.of(precision), null);
  }

  /** A copy for bits about a mean. */
  public EmbeddingProvenance withBits(List<Double> about) {
    return with(textColumn, Labels.of(OutputPrecision.BINARY), about);
  }

  /** A copy for vectors from which a mean was subtracted. */
  public EmbeddingProvenance withMean(List<Double> subtracted) {
    return with(textColumn, outputPrecision, subtracted);
  }

  /**
   * How elements were rounded.
   *
   * @throws IllegalArgumentException if this version does not know of it
   */
  @JsonIgnore
  public OutputPrecision elements() {
    return outputPrecision == null
        ? OutputPrecision.FLOAT32
        : Labels.parse(OutputPrecision.class, outputPrecision)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot read embeddings: they were rounded to %s by spark-gbert %s, which this version does not know"
                            .formatted(outputPrecision, toolVersion)));
  }

  /** Whether elements were rounded. */
  @JsonIgnore
  public boolean isRounded() {
    return outputPrecision != null;
  }

  /**
   * Makes sure that embeddings are as the model gave them.
   *
   * @param what what they are wanted for, as in "Cannot enrich"
   * @param where where they are
   * @throws IllegalArgumentException if they were rounded, or a mean was subtracted
   */
  public void requireNotRounded(String what, String where) {
    if (!isRounded() && mean != null) {
      throw new IllegalArgumentException(
          "Cannot %s: embeddings of %s have lost their mean, and only those that the model gave are taken"
              .formatted(what, where));
    }
    if (isRounded()) {
      throw new IllegalArgumentException(
          "Cannot %s: embeddings of %s were rounded to %s, and only float32 is taken; embed its texts without --output-precision"
              .formatted(what, where, outputPrecision));
    }
  }

  private EmbeddingProvenance with(String column, String elements, List<Double> about) {
    return new EmbeddingProvenance(
        model,
        source,
        revision,
        licence,
        bundleChecksum,
        modelIdentity,
        fingerprint,
        dimension,
        pooling,
        normalize,
        precision,
        prompt,
        maxSeqLength,
        longText,
        normalizeUnicode,
        maxCharacters,
        column,
        toolVersion,
        cutFrom,
        elements,
        about);
  }

  /**
   * Settings under which a model's embeddings have the form of these. What settings name they keep.
   *
   * @param model the model that makes them
   */
  public Settings withForm(BundleManifest model, Settings settings) {
    Settings same = settings;
    if (!settings.has(EncoderOptions.DIMENSIONS) && dimension < model.dimension()) {
      same = same.with(EncoderOptions.DIMENSIONS, dimension);
    }
    if (!settings.has(EncoderOptions.NORMALIZE) && normalize && !model.normalize()) {
      same = same.with(EncoderOptions.NORMALIZE, true);
    }
    return same;
  }

  /**
   * Whether embeddings of two columns can be compared. Where one has no fingerprint, bundles and
   * settings are compared instead.
   *
   * @param where where these are
   * @param other what made the others
   * @param otherWhere where those are
   * @return what differs, with both values: the model, or settings of the same model; empty if they
   *     can be compared
   */
  public Optional<String> difference(String where, EmbeddingProvenance other, String otherWhere) {
    return new ProvenanceComparison(this, other).difference(where, otherWhere);
  }

  /**
   * Makes sure that embeddings of two columns can be compared; see {@link #difference}.
   *
   * @param what what they are wanted for, as in "Cannot compare embeddings"
   * @param ofOneMean what to do if they are about different means, as in "give inputs of one run"
   * @throws IllegalArgumentException if they cannot
   */
  public void requireComparable(
      String what, String where, EmbeddingProvenance other, String otherWhere, String ofOneMean) {
    new ProvenanceComparison(this, other)
        .otherModel(where, otherWhere)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException("Cannot %s: %s".formatted(what, difference));
            });
    requireSameMean(what, where, other, otherWhere, ofOneMean);
  }

  /**
   * Makes sure that embeddings of two columns have one origin.
   *
   * @param what what they are wanted for, as in "Cannot compare embeddings"
   * @param ofOneMean what to do if they are about different means, as in "give inputs of one run"
   * @throws IllegalArgumentException if one is about a mean and the other is not about the same
   */
  public void requireSameMean(
      String what, String where, EmbeddingProvenance other, String otherWhere, String ofOneMean) {
    ProvenanceComparison comparison = new ProvenanceComparison(this, other);
    comparison
        .otherMean(where, otherWhere)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "Cannot %s: %s%s"
                      .formatted(what, difference, comparison.haveMeans() ? "; " + ofOneMean : ""));
            });
  }

  /**
   * Makes sure that embeddings of two columns can be compared at all.
   *
   * @param where where these are
   * @param other what made the others
   * @param otherWhere where those are
   * @throws IllegalArgumentException if their dimensions differ
   */
  public void requireSameDimension(String where, EmbeddingProvenance other, String otherWhere) {
    if (dimension != other.dimension) {
      throw new IllegalArgumentException(
          "Cannot compare embeddings: those of %s have %d dimensions, found %d in %s"
              .formatted(where, dimension, other.dimension, otherWhere));
    }
  }
}
