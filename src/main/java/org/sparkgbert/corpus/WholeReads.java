package org.sparkgbert.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Refuses settings under which Spark leaves out rows without a word. */
public final class WholeReads {
  private static final List<String> SESSION =
      List.of(
          "spark.sql.files.ignoreCorruptFiles",
          "spark.sql.files.ignoreMissingFiles",
          "spark.files.ignoreCorruptFiles",
          "spark.files.ignoreMissingFiles");

  /** Options of data sources, in lower case, with the value that leaves out rows. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "ignorecorruptfiles", "true",
          "ignoremissingfiles", "true",
          "mode", "dropmalformed");

  /** Options, in lower case, that leave out files on purpose or find others. */
  private static final List<String> FILE_CHOICE =
      List.of("pathglobfilter", "modifiedbefore", "modifiedafter", "recursivefilelookup");

  private WholeReads() {}

  /**
   * @throws IllegalArgumentException if the session has such a setting, with its name
   */
  public static void require(SparkSession spark) {
    for (String setting : SESSION) {
      requireOther(setting, spark.conf().get(setting, "false"), "true");
    }
  }

  /**
   * @param options options of a data source
   * @throws IllegalArgumentException if the session or the options have such a setting
   */
  static void require(SparkSession spark, Map<String, String> options) {
    require(spark);
    options.forEach(
        (option, value) -> requireOther(option, value, OPTIONS.getOrDefault(lower(option), "")));
  }

  private static void requireOther(String setting, String value, String refused) {
    if (lower(value).equals(refused)) {
      throw new IllegalArgumentException(
          "Cannot read: %s=%s leaves out rows without a word; run without it"
              .formatted(setting, value));
    }
  }

  /** Whether options of a data source choose among files. */
  static boolean chooseFiles(Map<String, String> options) {
    return options.keySet().stream().map(WholeReads::lower).anyMatch(FILE_CHOICE::contains);
  }

  private static String lower(String text) {
    return text.trim().toLowerCase(Locale.ROOT);
  }
}
