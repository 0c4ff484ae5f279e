package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.named;

import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.embed.SentenceEmbedder;
import org.sparkgbert.lake.EmbeddingColumns;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of the embed job. */
final class EmbedOptions {
  @Mixin InputOptions input;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      paramLabel = "NAME",
      description = "Column with the text, a string.")
  String textColumn;

  @Option(
      names = "--keep-columns",
      split = ",",
      paramLabel = "NAMES",
      description = "Columns of the corpus that the table keeps; all if none is named.")
  List<String> keepColumns = new ArrayList<>();

  @Option(
      names = "--embedding-column",
      defaultValue = "embedding",
      paramLabel = "NAME",
      description = "Column for the embedding, prefix of _status, _tokens and _error.")
  String embeddingColumn;

  @Mixin OutputOptions output;

  @Mixin ModelOptions model;

  @Mixin RunOptions run;

  EmbeddingColumns columns() {
    return new EmbeddingColumns(embeddingColumn);
  }

  SentenceEmbedder embedder() {
    return model
        .embedder()
        .setInputCol(named("--text-column", textColumn))
        .setOutputCol(named("--embedding-column", embeddingColumn));
  }
}
