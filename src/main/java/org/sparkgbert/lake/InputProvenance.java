package org.sparkgbert.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.settings.Labels;

/**
 * What made the embeddings of an input: of each file of Parquet, or as the properties of a table of
 * another format tell. Spark itself takes the metadata of one file for that of all.
 *
 * @param what what is done with the input, as in "Cannot cluster"
 * @param source where the input comes from
 */
public record InputProvenance(String what, CorpusSource source) {
  /** Options, in lower case, with which a table is read as it was, or only in part. */
  private static final Set<String> OTHER_VERSION =
      Set.of(
          "versionasof",
          "timestampasof",
          "snapshot-id",
          "as-of-timestamp",
          "start-snapshot-id",
          "end-snapshot-id",
          "branch",
          "tag");

  /** Names that do the same: of Iceberg, and of Delta. */
  private static final Pattern OF_OTHER_VERSION =
      Pattern.compile("(.*\\.)?(branch|tag|snapshot_id|at_timestamp)_[^./]*|.*@(v\\d+|\\d{17})");

  /**
   * The corpus, with what made them in the metadata of each column of embeddings.
   *
   * @param columns columns that are used or kept; those that are missing do not matter
   * @throws IllegalArgumentException if the embeddings of a column cannot be compared with each
   *     other, or only of some it is known what made them; the message names both places
   */
  public Corpus of(Corpus corpus, Collection<String> columns) {
    Optional<RunManifest> manifest = LakeTable.of(corpus.rows()).flatMap(LakeTable::manifest);
    Map<String, Metadata> found = new LinkedHashMap<>();
    for (StructField field : corpus.rows().schema().fields()) {
      if (columns.contains(field.name())) {
        manifest
            .map(
                made ->
                    isOtherVersion()
                        ? ColumnMetadata.withoutProvenance(field)
                        : ofTable(made, field))
            .or(() -> ofFiles(field, corpus))
            .filter(metadata -> !metadata.equals(field.metadata()))
            .ifPresent(metadata -> found.put(field.name(), metadata));
      }
    }
    return found.isEmpty()
        ? corpus
        : corpus.withRows(ColumnMetadata.replaced(corpus.rows(), found));
  }

  /** Whether with an option a table is read as it was, or only in part. */
  public static boolean readsOtherVersion(String option) {
    return OTHER_VERSION.contains(option.toLowerCase(Locale.ROOT));
  }

  /** The properties of a table are those of its newest version. */
  private boolean isOtherVersion() {
    return source.readOptions().keySet().stream().anyMatch(InputProvenance::readsOtherVersion)
        || source.paths().stream().anyMatch(path -> OF_OTHER_VERSION.matcher(path).matches());
  }

  /** Metadata of a column with what a manifest says of it. */
  static Metadata ofTable(RunManifest manifest, StructField field) {
    MetadataBuilder metadata =
        new MetadataBuilder().withMetadata(ColumnMetadata.withoutProvenance(field));
    Optional.ofNullable(manifest.embeddings().get(field.name()))
        .ifPresent(made -> metadata.withMetadata(made.toMetadata()));
    Optional.ofNullable(manifest.derived().get(field.name()))
        .ifPresent(made -> metadata.withMetadata(made.toMetadata()));
    return metadata.build();
  }

  private Optional<Metadata> ofFiles(StructField field, Corpus corpus) {
    List<StructField> kinds = new ArrayList<>();
    List<String> files = new ArrayList<>();
    corpus
        .metadata(field.name())
        .forEach(
            (json, file) -> {
              kinds.add(
                  new StructField(field.name(), field.dataType(), true, Metadata.fromJson(json)));
              files.add(file);
            });
    for (int i = 1; i < kinds.size(); i++) {
      requireSame(what, kinds.get(0), files.get(0), kinds.get(i), files.get(i));
    }
    return kinds.isEmpty() ? Optional.empty() : Optional.of(kinds.get(0).metadata());
  }

  /**
   * Makes sure that a column was made alike in two places.
   *
   * @param what what is done with both, as in "Cannot cluster"
   * @throws IllegalArgumentException if it was not; the message names both places
   */
  public static void requireSame(
      String what, StructField first, String firstFile, StructField other, String file) {
    Optional<EmbeddingProvenance> made = EmbeddingProvenance.of(first);
    Optional<EmbeddingProvenance> otherMade = EmbeddingProvenance.of(other);
    if (made.isPresent() && otherMade.isPresent()) {
      made.get()
          .requireComparable(what, firstFile, otherMade.get(), file, "give inputs of one run");
      requireSamePrecision(what, first.name(), made.get(), firstFile, otherMade.get(), file);
    } else if (made.isPresent() != otherMade.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot %s: column '%s' of %s was made by %s, and that of %s does not say what made it; give inputs of one model"
              .formatted(
                  what,
                  first.name(),
                  made.isPresent() ? firstFile : file,
                  made.or(() -> otherMade).get().model(),
                  made.isPresent() ? file : firstFile));
    }
    requireSameDerived(what, first, firstFile, other, file);
  }

  /** Of two tables either may be rounded, but the files of one have one type. */
  private static void requireSamePrecision(
      String what,
      String column,
      EmbeddingProvenance made,
      String firstFile,
      EmbeddingProvenance otherMade,
      String file) {
    if (!Objects.equals(made.outputPrecision(), otherMade.outputPrecision())) {
      throw new IllegalArgumentException(
          "Cannot %s: column '%s' of %s is %s, and that of %s is %s; give inputs of one precision"
              .formatted(what, column, firstFile, precision(made), file, precision(otherMade)));
    }
  }

  private static String precision(EmbeddingProvenance made) {
    return Labels.of(made.elements());
  }

  /** Scores and clusters of different models are as little comparable as their embeddings. */
  private static void requireSameDerived(
      String what, StructField first, String firstFile, StructField other, String file) {
    Optional<DerivedProvenance> made = DerivedProvenance.of(first);
    Optional<DerivedProvenance> otherMade = DerivedProvenance.of(other);
    boolean same =
        made.isPresent() == otherMade.isPresent()
            && made.map(one -> one.isLike(otherMade.get())).orElse(true);
    if (!same) {
      throw new IllegalArgumentException(
          "Cannot %s: column '%s' of %s was not computed as that of %s, or from embeddings of another model; give inputs of one model"
              .formatted(what, first.name(), firstFile, file));
    }
  }
}
