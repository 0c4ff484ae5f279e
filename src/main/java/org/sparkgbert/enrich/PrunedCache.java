package org.sparkgbert.enrich;

import java.util.List;
import org.sparkgbert.lake.EmbeddingProvenance;

/**
 * What {@link PruneCache} did, or would do.
 *
 * @param vectors what the cache held, by fingerprint
 * @param filesBefore its files before; 0 if the format tracks its own
 * @param filesAfter its files now
 */
public record PrunedCache(List<Share> vectors, int filesBefore, int filesAfter) {
  public PrunedCache {
    vectors = List.copyOf(vectors);
  }

  /**
   * Vectors of a fingerprint.
   *
   * @param made the model and the settings
   * @param rows how many there were
   * @param gone how many of them went
   * @param bytes about how many bytes there were; of a format that tracks its own files, of the
   *     numbers alone
   * @param bytesGone about how many of them went
   */
  public record Share(EmbeddingProvenance made, long rows, long gone, long bytes, long bytesGone) {}

  /** How many vectors went. */
  public long gone() {
    return vectors.stream().mapToLong(Share::gone).sum();
  }

  /** How many vectors stayed. */
  public long stayed() {
    return vectors.stream().mapToLong(share -> share.rows() - share.gone()).sum();
  }
}
