package org.sparkgbert.enrich;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * How a stream reads its corpus, which stays the same as long as its checkpoint is used.
 *
 * @param kind what it reads
 * @param schema the columns of files as JSON; empty for tables, which have their own
 * @param after time in milliseconds after which snapshots of Iceberg are read; 0 for all
 * @param before the snapshot of Iceberg that was there before; 0 for none
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
record FollowReading(Kind kind, String schema, long after, long before) {
  /** What is read. */
  enum Kind {
    /** Files. */
    FILES,
    /** Rows that are appended to a table. */
    APPENDS,
    /** The change data feed of a table. */
    FEED
  }

  FollowReading {
    Objects.requireNonNull(kind, "kind");
    schema = Objects.requireNonNullElse(schema, "");
  }

  static FollowReading of(Kind kind) {
    return new FollowReading(kind, "", 0, 0);
  }
}
