package org.sparkgbert.search;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.lake.RunManifest;

/**
 * What an index was made of, and what it should follow now.
 *
 * @param made the corpus of the run that wrote the index
 * @param found the corpus of this run
 * @param hadoop tells where relative paths begin
 */
record IndexedInput(RunManifest.Input made, RunManifest.Input found, Configuration hadoop) {
  /**
   * How one is read otherwise than the other, as in "it was made of a, found b"; empty if both are
   * read alike, as far as that is known. Conditions are not compared.
   */
  Optional<String> difference() {
    if (!qualified(made.paths()).equals(qualified(found.paths()))) {
      return Optional.of(
          "of %s, found %s"
              .formatted(String.join(", ", made.paths()), String.join(", ", found.paths())));
    }
    if (!made.format().equalsIgnoreCase(found.format())) {
      return Optional.of(
          "with %s %s, found %s"
              .formatted(InputOptions.FORMAT.option(), made.format(), found.format()));
    }
    return made.readOptions() == null || made.readOptions().equals(found.readOptions())
        ? Optional.empty()
        : Optional.of(
            "%s, found %s".formatted(inWords(made.readOptions()), inWords(found.readOptions())));
  }

  private static String inWords(Map<String, String> options) {
    String option = InputOptions.READ_OPTION.option();
    return options.isEmpty()
        ? "without " + option
        : options.entrySet().stream()
            .map(each -> option + " " + each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" ", "with ", ""));
  }

  /** A relative path and the same as an absolute one are one path. */
  private List<String> qualified(List<String> paths) {
    Path here = HadoopFiles.of(new Path("."), hadoop).getWorkingDirectory();
    return paths.stream()
        .map(Path::new)
        .map(path -> path.makeQualified(FileSystem.getDefaultUri(hadoop), here).toString())
        .sorted()
        .toList();
  }
}
