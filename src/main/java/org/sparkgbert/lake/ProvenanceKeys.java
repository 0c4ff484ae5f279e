package org.sparkgbert.lake;

import java.util.List;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/** What metadata of a column says about what made it, apart from all else that it says. */
public final class ProvenanceKeys {
  private static final List<String> KEYS =
      List.of(EmbeddingProvenance.METADATA_KEY, DerivedProvenance.METADATA_KEY);

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

  /** The metadata with what another says about that, and nothing of its own. */
  public static Metadata replaced(Metadata metadata, Metadata other) {
    MetadataBuilder builder = new MetadataBuilder().withMetadata(without(metadata));
    KEYS.stream()
        .filter(other::contains)
        .forEach(key -> builder.putMetadata(key, other.getMetadata(key)));
    return builder.build();
  }
}
