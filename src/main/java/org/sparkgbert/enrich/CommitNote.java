package org.sparkgbert.enrich;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;

/**
 * What commits of Iceberg and Delta say of themselves, which for a MERGE only settings can tell.
 */
final class CommitNote {
  private static final String ICEBERG = "spark.sql.iceberg.snapshot-property.";
  private static final String DELTA = "spark.databricks.delta.commitInfo.userMetadata";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CommitNote() {}

  /**
   * Does work whose commits keep a note: properties of snapshots in Iceberg, user metadata in
   * Delta.
   *
   * @param note names and values
   */
  static void during(SparkSession spark, Map<String, String> note, Runnable work) {
    Map<String, String> settings = new LinkedHashMap<>();
    note.forEach((name, value) -> settings.put(ICEBERG + name, value));
    settings.put(DELTA, json(note));
    RuntimeConfig now = spark.conf();
    try {
      settings.forEach(now::set);
      work.run();
    } finally {
      settings.keySet().forEach(now::unset);
    }
  }

  private static String json(Map<String, String> note) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(note));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + note, e);
    }
  }
}
