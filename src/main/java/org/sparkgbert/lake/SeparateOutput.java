package org.sparkgbert.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.corpus.InputPaths;
import org.sparkgbert.files.HadoopFiles;

/** Refuses what would take the place of what it is made of, or be read as part of it. */
public final class SeparateOutput {
  private static final String PLACE = "place for it";

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
        requireSeparate(Contents.TABLE, output, real(found, hadoop), target.path(), found);
      }
    }
  }

  /**
   * Checks a file or directory that is written beside a table.
   *
   * @param what its name in messages
   * @param inputs paths, globs or names of tables; what is not there does not matter
   * @throws IllegalArgumentException if it is, holds or lies in an input, or is or lies in the
   *     table
   */
  public static void requireBeside(
      String what, Path written, List<String> inputs, TableTarget table, Configuration hadoop) {
    requireBeside(what, written, inputs, Optional.of(table), hadoop);
  }

  /**
   * The same if there is perhaps no table.
   *
   * @throws IllegalArgumentException likewise
   */
  public static void requireBeside(
      String what,
      Path written,
      List<String> inputs,
      Optional<TableTarget> table,
      Configuration hadoop) {
    Path output = real(written, hadoop);
    for (String input : inputs) {
      for (Path found : find(input, hadoop)) {
        requireSeparate(
            what, PLACE, output, real(found, hadoop), written.toString(), "the input " + found);
      }
    }
    table
        .filter(TableTarget::hasPath)
        .ifPresent(target -> requireBeside(what, written, output, target, hadoop));
    requireOutsideTables(what, written, output.getParent(), PLACE, hadoop);
  }

  /**
   * Checks a directory that files are written into.
   *
   * @param what its name in messages
   * @throws IllegalArgumentException if it is a published table or lies in one, which could not be
   *     read any more
   */
  public static void requireOutsideTables(String what, Path directory, Configuration hadoop) {
    requireOutsideTables(what, directory, real(directory, hadoop), PLACE, hadoop);
  }

  /**
   * The same for what is published under a name, which may be taken now.
   *
   * @throws IllegalArgumentException if it lies in a published table
   */
  static void requireOutsideTables(Contents contents, Path written, Configuration hadoop) {
    Path parent = real(written, hadoop).getParent();
    requireOutsideTables(contents.toString(), written, parent, "output", hadoop);
  }

  private static void requireOutsideTables(
      String what, Path written, Path first, String remedy, Configuration hadoop) {
    for (Path directory = first; directory != null; directory = directory.getParent()) {
      if (isTable(directory, hadoop)) {
        throw new IllegalArgumentException(
            "Cannot write %s: %s lies in the table %s, which could not be read any more; choose another %s"
                .formatted(what, written, directory, remedy));
      }
    }
  }

  /** Of ours, Delta's or Iceberg's; what cannot be looked at is none. */
  private static boolean isTable(Path directory, Configuration hadoop) {
    try {
      return HadoopFiles.exists(new Path(directory, RunManifest.FILE), hadoop)
          || HadoopFiles.exists(new Path(directory, LakeTable.DELTA_LOG), hadoop)
          || isIceberg(new Path(directory, "metadata"), hadoop);
    } catch (UncheckedIOException forbidden) {
      return false;
    }
  }

  private static boolean isIceberg(Path metadata, Configuration hadoop) {
    if (!HadoopFiles.exists(metadata, hadoop)) {
      return false;
    }
    try {
      return Arrays.stream(HadoopFiles.of(metadata, hadoop).listStatus(metadata))
          .anyMatch(file -> file.getPath().getName().endsWith(".metadata.json"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + metadata, e);
    }
  }

  private static void requireBeside(
      String what, Path written, Path output, TableTarget table, Configuration hadoop) {
    Path place = real(new Path(table.path()), hadoop);
    if (!liesIn(place, output)) {
      requireSeparate(what, PLACE, output, place, written.toString(), "the output " + table.path());
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

  /**
   * @param output where links lead to from what is written
   * @param input where they lead to from what is read
   * @throws IllegalArgumentException if they are the same, or one lies in the other
   */
  static void requireSeparate(
      Contents contents, Path output, Path input, Object written, Object read) {
    requireSeparate(contents.toString(), "output", output, input, written, "the input " + read);
  }

  /**
   * @param output a directory on this machine's disk, where links lead to from what is written
   * @param inputs paths, globs or names of tables; what is not there does not matter
   * @throws IllegalArgumentException if it is an input, or one lies in the other
   */
  static void requireSeparate(
      Contents contents, Path output, Object written, List<String> inputs, Configuration hadoop) {
    for (String input : inputs) {
      for (Path found : find(input, hadoop)) {
        requireSeparate(contents, output, real(found, hadoop), written, found);
      }
    }
  }

  private static void requireSeparate(
      String what, String remedy, Path output, Path input, Object written, String other) {
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
        "Cannot write %s: %s %s %s; choose another %s"
            .formatted(what, written, relation, other, remedy));
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
