package org.sparkgbert.corpus;

import java.util.List;
import java.util.Map;
import org.sparkgbert.settings.Setting;

/** Settings for the input of an action; {@link CorpusSource#of} reads them. */
public final class InputOptions {
  /** Files, directories, globs, or a table. */
  public static final Setting<List<String>> INPUT =
      Setting.requiredPaths("input")
          .label("PATH")
          .meaning("Corpus: files, directories or globs, several allowed.");

  /** Spark's data source. */
  public static final Setting<String> FORMAT =
      Setting.text("format", "parquet")
          .label("NAME")
          .meaning(
              "Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...; view for the"
                  + " name of a table or view of the session.");

  /** Options of that source. */
  public static final Setting<Map<String, String>> READ_OPTION =
      Setting.pairs("read-option")
          .meaning("Option for that data source, such as header=true; repeatable.");

  /** Condition that selects rows. */
  public static final Setting<String> WHERE =
      Setting.text("where", "")
          .label("SQL")
          .meaning("Condition that selects rows, such as \"lang = 'de'\".");

  /** All of them. */
  public static final List<Setting<?>> ALL = List.of(INPUT, FORMAT, READ_OPTION, WHERE);

  private InputOptions() {}
}
