package org.sparkgbert.enrich;

import org.apache.spark.sql.SparkSession;
import org.sparkgbert.action.Progress;
import org.sparkgbert.action.Stages;
import org.sparkgbert.lake.TooManyFailuresException;

/**
 * Gives a table of Iceberg or Delta, which others write, columns of embeddings, and keeps them up
 * to date: rows whose vectors are missing, or of another text or model, get theirs.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.NONE
 *         .with(EnrichTableOptions.TABLE, "lake.articles")
 *         .with(EmbedOptions.TEXT_COLUMN, "body")
 *         .with(EnrichOptions.ID_COLUMN, "id");
 * EnrichResult result =
 *     new EnrichTable(EnrichTableSettings.of(settings)).run(spark, Progress.NONE);
 * }</pre>
 *
 * @param settings what to do
 */
public record EnrichTable(EnrichTableSettings settings) {
  /**
   * Runs the action.
   *
   * @param progress is told how many texts are encoded
   * @return what was done; the table has it
   * @throws IllegalArgumentException if the table is missing, is of another format, or has other
   *     columns than are needed; ids are null or not unique; the model cannot be opened, or is
   *     another one and may not; or the history does not tell what changed
   * @throws TooManyFailuresException if too many rows failed; the table is as it was
   */
  public EnrichResult run(SparkSession spark, Progress progress) {
    try (Stages stages = Stages.of(spark, "enrich", progress)) {
      stages.begin("compare table");
      RunModel model = RunModel.open(spark, settings.encoding(), settings.textColumn());
      model.noteWarning(stages.progress());
      TableInPlace table = TableInPlace.find(spark, settings.table());
      table.require(settings.idColumn(), settings.textColumn(), settings.oldestBy());
      model.requireText(table.table().schema());
      VectorSources sources = VectorSources.open(spark, settings.columns(), model, progress);
      return new EnrichTableRun(spark, settings, model, table, stages).run(sources);
    }
  }
}
