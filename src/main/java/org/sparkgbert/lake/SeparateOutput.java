package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.files.HadoopFiles;

/** Refuses a table that would take the place of what it is made of, or be read as part of it. */
final class SeparateOutput {
  private SeparateOutput() {}

  /**
   * @param inputs paths, globs or names of tables; what is not there does not matter
   * @throws IllegalArgumentException if the table is an input, or one lies in the other
   */
  static void require(TableTarget target, List<String> inputs, Configuration hadoop) {
    if (!target.hasPath()) {
      requireOtherName(target, inputs);
      return;
    }
    Path output = real(new Path(target.path()), hadoop);
    for (String input : inputs) {
      for (Path found : find(input, hadoop)) {
        requireSeparate(output, real(found, hadoop), target.path(), found);
      }
    }
  }

  private static void requireOtherName(TableTarget target, List<String> inputs) {
    if (inputs.contains(target.path())) {
      throw new IllegalArgumentException(
          "Cannot write table: %s is the input; choose another output".formatted(target.path()));
    }
  }

  private static List<Path> find(String input, Configuration hadoop) {
    try {
      return InputPaths.find(input, hadoop);
    } catch (IllegalArgumentException noPath) {
      return List.of();
    }
  }

  private static void requireSeparate(Path output, Path input, String written, Path read) {
    String relation;
    if (output.equals(input)) {
      relation = "is";
    } else if (liesIn(output, input)) {
      relation = "lies in";
    } else if (liesIn(input, output)) {
      relation = "holds";
    } else {
      return;
    }
    throw new IllegalArgumentException(
        "Cannot write table: %s %s the input %s; choose another output"
            .formatted(written, relation, read));
  }

  private static boolean liesIn(Path inner, Path outer) {
    return Objects.equals(inner.toUri().getScheme(), outer.toUri().getScheme())
        && Objects.equals(inner.toUri().getAuthority(), outer.toUri().getAuthority())
        && inner.toUri().getPath().startsWith(outer.toUri().getPath() + "/");
  }

  private static Path real(Path path, Configuration hadoop) {
    FileSystem files = HadoopFiles.of(path, hadoop);
    try {
      Path whole = files.makeQualified(path);
      return LocalFiles.isLocal(files) ? LocalFiles.real(whole) : whole;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot follow %s: %s".formatted(path, e.getMessage()), e);
    }
  }
}
