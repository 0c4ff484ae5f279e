package org.sparkgbert.lake;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.sparkgbert.corpus.PartitionTypes;

/**
 * Writes rows as Spark does, and the types of the partition columns, which are not among the
 * columns of a file, into its footer. Parquet makes the instance, by the name of the class.
 */
public final class PartitionedWriteSupport extends ParquetWriteSupport {
  /** For Parquet. */
  public PartitionedWriteSupport() {}

  @Override
  public WriteContext init(Configuration configuration) {
    WriteContext rows = super.init(configuration);
    Map<String, String> footer = new HashMap<>(rows.getExtraMetaData());
    footer.put(PartitionTypes.FOOTER_KEY, configuration.get(PartitionTypes.FOOTER_KEY, ""));
    return new WriteContext(rows.getSchema(), footer);
  }
}
