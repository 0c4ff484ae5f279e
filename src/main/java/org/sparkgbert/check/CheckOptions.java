package org.sparkgbert.check;

import java.util.List;
import org.sparkgbert.settings.Setting;

/** Settings of {@link CheckTable}; {@link CheckSettings#of} reads them. */
public final class CheckOptions {
  /** Where the table is. */
  public static final Setting<String> TABLE =
      Setting.requiredArgument("table")
          .meaning("Directory of the table, or its name in a catalog.");

  /** Where the model is. */
  public static final Setting<String> MODEL =
      Setting.text("model", "")
          .label("BUNDLE")
          .meaning("Where the model is, if not where the run found it.");

  /** Number of rows to encode again. */
  public static final Setting<Integer> SAMPLE =
      Setting.integer("sample", 32)
          .atLeast(0)
          .label("N")
          .meaning("Number of rows to encode again; 0 for none.");

  /** All settings of the action. */
  public static final List<Setting<?>> ALL = List.of(TABLE, MODEL, SAMPLE);

  private CheckOptions() {}
}
