package org.sparkgbert.lake;

import java.util.List;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/** What metadata of a column says about what made it, apart from all else that it says. */
public final class ProvenanceKeys {
  private static final List<String> KEYS =
      List.of(EmbeddingProvenance.METADATA_KEY, DerivedProvenance.METADATA_KEY);

  /** Key of a column in which embeddings that say what made them are mixed with others. */
  private static final String MIXED = "spark_gbert_mixed";

  private ProvenanceKeys() {}

  /** Whether the metadata says what made the column. */
  public static boolean in(Metadata metadata) {
    return KEYS.stream().anyMatch(metadata::contains);
  }

  /** The metadata without what it says about that. */
  public static Metadata without(Metadata metadata) {
    MetadataBuilder builder = new MetadataBuilder().withMetadata(metadata);
    KEYS.forEach(builder::remove);
    return builder.build();
  }

  /** Whether two columns say the same kinds of things. */
  public static boolean sameKeys(Metadata one, Metadata other) {
    return KEYS.stream().allMatch(key -> one.contains(key) == other.contains(key));
  }

  /**
   * The metadata without what it says, and not empty: Spark's optimizer takes a column without
   * metadata of its own for the one that it renames.
   */
  public static Metadata silent(Metadata metadata) {
    return new MetadataBuilder().withMetadata(without(metadata)).putBoolean(MIXED, true).build();
  }

  /** The metadata with what another says about that, and nothing of its own. */
  public static Metadata replaced(Metadata metadata, Metadata other) {
    MetadataBuilder builder = new MetadataBuilder().withMetadata(without(metadata));
    KEYS.stream()
        .filter(other::contains)
        .forEach(key -> builder.putMetadata(key, other.getMetadata(key)));
    return builder.build();
  }
}
