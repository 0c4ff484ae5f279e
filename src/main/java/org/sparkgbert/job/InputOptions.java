package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.named;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.lake.RunManifest;
import picocli.CommandLine.Option;

/** Settings of what a job reads: name, default, range and meaning of each. */
final class InputOptions {
  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Corpus: files, directories or globs, several allowed.")
  List<String> input = new ArrayList<>();

  @Option(
      names = "--format",
      defaultValue = "parquet",
      paramLabel = "NAME",
      description = "Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...")
  String format;

  @Option(
      names = "--read-option",
      paramLabel = "KEY=VALUE",
      description = "Option of that data source, such as header=true; repeatable.")
  Map<String, String> readOptions = new LinkedHashMap<>();

  @Option(
      names = "--where",
      defaultValue = "",
      paramLabel = "SQL",
      description = "Condition that keeps rows, such as \"lang = 'de'\".")
  String where;

  CorpusSource source() {
    input.forEach(path -> named("--input", path));
    return new CorpusSource(input, format, readOptions, where);
  }

  /** As a run's manifest tells it. */
  RunManifest.Input describe() {
    return new RunManifest.Input(input, format, where);
  }
}
