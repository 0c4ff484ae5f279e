package org.sparkgbert.enrich;

import java.util.List;
import java.util.Optional;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.ValueType;

/** Settings that all forms of enrichment share. */
public final class EnrichOptions {
  /** Column that tells rows apart. */
  public static final Setting<String> ID_COLUMN =
      Setting.required("id-column")
          .label("NAME")
          .meaning("Column that tells rows apart: no two rows have the same value, none has null.");

  /** What happens at another model. */
  public static final Setting<OnModelChange> ON_MODEL_CHANGE =
      Setting.choice("on-model-change", OnModelChange.FAIL)
          .meaning(
              "What happens if the table has vectors of another model or of other settings: fail,"
                  + " re-encode all texts, or write them into a new column beside the old one.");

  /** Budget of a run. */
  public static final Setting<Integer> MAX_ENCODE =
      Setting.integer("max-encode", 0)
          .atLeast(0)
          .label("N")
          .meaning(
              "Maximum number of texts that this run encodes; the next run goes on. 0 for all. At"
                  + " least 0.");

  /** Which texts come first. */
  public static final Setting<Optional<String>> OLDEST_BY =
      Setting.optional("oldest-by", ValueType.TEXT)
          .label("NAME")
          .requires(MAX_ENCODE)
          .meaning(
              "Column by which texts are encoded first that have its least values; that of ids if"
                  + " it is left out.");

  /** Only a plan. */
  public static final Setting<Boolean> DRY_RUN =
      Setting.flag("dry-run").meaning("Print what a run would do, and do nothing.");

  /** Where vectors wait until they are in the table. */
  public static final Setting<Optional<String>> STAGE =
      Setting.optional("stage", ValueType.TEXT)
          .label("DIR")
          .meaning(
              "Directory where vectors wait until they are in the table, and where an interrupted"
                  + " run leaves them for the next; beside or in the table if it is left out.");

  /** All but that of ids. */
  public static final List<Setting<?>> ALL =
      List.of(ON_MODEL_CHANGE, MAX_ENCODE, OLDEST_BY, DRY_RUN, STAGE);

  private EnrichOptions() {}
}
