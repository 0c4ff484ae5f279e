package org.sparkgbert.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.spark.sql.SparkSession;

/** Refuses settings under which Spark leaves out rows or changes values without a word. */
public final class WholeReads {
  private static final List<String> SESSION =
      List.of(
          "spark.sql.files.ignoreCorruptFiles",
          "spark.sql.files.ignoreMissingFiles",
          "spark.files.ignoreCorruptFiles",
          "spark.files.ignoreMissingFiles");

  /** Values that old dates are written with so that other tools read others. */
  private static final List<String> REBASE =
      List.of(
          "spark.sql.parquet.datetimeRebaseModeInWrite",
          "spark.sql.parquet.int96RebaseModeInWrite");

  /** Options of data sources, in lower case, with the values that leave something out. */
  private static final Map<String, Predicate<String>> OPTIONS =
      Map.of(
          "ignorecorruptfiles", "true"::equals,
          "ignoremissingfiles", "true"::equals,
          "mode", "dropmalformed"::equals,
          "samplingratio", value -> !value.matches("1(\\.0*)?"));

  private WholeReads() {}

  /**
   * @throws IllegalArgumentException if the session has such a setting, with its name
   */
  public static void require(SparkSession spark) {
    for (String setting : SESSION) {
      requireOther(setting, spark.conf().get(setting, "false"), "true"::equals);
    }
    String filter = FileInputFormat.PATHFILTER_CLASS;
    String found = spark.sessionState().newHadoopConf().get(filter, "");
    requireOther(filter, found, value -> !value.isEmpty());
    for (String setting : REBASE) {
      String value = spark.conf().get(setting, "CORRECTED");
      if (lower(value).equals("legacy")) {
        throw new IllegalArgumentException(
            "Cannot write: with %s=%s other tools read other dates; run without it"
                .formatted(setting, value));
      }
    }
  }

  /**
   * @param options options of a data source
   * @throws IllegalArgumentException if the session or the options have such a setting
   */
  static void require(SparkSession spark, Map<String, String> options) {
    require(spark);
    options.forEach(
        (option, value) ->
            requireOther(option, value, OPTIONS.getOrDefault(lower(option), any -> false)));
  }

  private static void requireOther(String setting, String value, Predicate<String> refused) {
    if (refused.test(lower(value))) {
      throw new IllegalArgumentException(
          "Cannot read: %s=%s leaves out rows without a word; run without it"
              .formatted(setting, value));
    }
  }

  private static String lower(String text) {
    return text.trim().toLowerCase(Locale.ROOT);
  }
}
