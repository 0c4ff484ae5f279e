package org.sparkgbert.enrich;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.sparkgbert.files.HadoopFiles;
import org.sparkgbert.files.Json;
import org.sparkgbert.files.Secrets;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.lake.Lease;
import org.sparkgbert.lake.RunManifest;
import org.sparkgbert.model.Version;

/**
 * What must stay the same as long as a checkpoint is used, in the file {@value #FILE} beside it:
 * Spark itself would go on with other settings and mix their vectors in one table.
 *
 * @param formatVersion version of this layout
 * @param toolVersion version of spark-gbert that began
 * @param made what makes the vectors
 * @param input the corpus
 * @param reading how it is read
 * @param output the table
 * @param outputFormat its format
 * @param idColumn column that tells rows apart
 * @param keepColumns columns that the table keeps; all if none is named
 * @param embeddingColumn column of the vectors
 * @param isBegun whether the rows are in the table that were there before the stream
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
record FollowState(
    int formatVersion,
    String toolVersion,
    EmbeddingProvenance made,
    RunManifest.Input input,
    FollowReading reading,
    String output,
    String outputFormat,
    String idColumn,
    List<String> keepColumns,
    String embeddingColumn,
    boolean isBegun) {
  static final String FILE = "follow.json";

  /** Where the leases of runs lie. */
  private static final String LEASES = "_lease";

  private static final int FORMAT_VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * @throws IllegalArgumentException if the version is unknown, or something is missing
   */
  FollowState {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "format_version must be %d, found %d".formatted(FORMAT_VERSION, formatVersion));
    }
    if (Stream.of(made, input, reading, output, outputFormat, idColumn, embeddingColumn)
        .anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("something is missing");
    }
    keepColumns = List.copyOf(Objects.requireNonNullElse(keepColumns, List.of()));
  }

  /** That of a stream that begins now. */
  static FollowState of(MirrorSettings settings, EmbeddingProvenance made, FollowReading reading) {
    return new FollowState(
        FORMAT_VERSION,
        Version.CURRENT,
        made,
        new RunManifest.Input(
            settings.corpus().paths(), settings.corpus().format(), settings.corpus().where()),
        reading,
        Secrets.hide(settings.table().path()),
        settings.table().format(),
        settings.idColumn(),
        settings.keepColumns(),
        settings.columns().embedding().embedding(),
        false);
  }

  /** The same once the rows are in the table that were there before the stream. */
  FollowState begun() {
    return new FollowState(
        formatVersion,
        toolVersion,
        made,
        input,
        reading,
        output,
        outputFormat,
        idColumn,
        keepColumns,
        embeddingColumn,
        true);
  }

  /**
   * Reads that of a directory.
   *
   * @return empty if the directory is empty, or is not there
   * @throws IllegalArgumentException if it is used for something else, or the file cannot be read
   */
  static Optional<FollowState> read(String directory, Configuration hadoop) {
    Path file = new Path(directory, FILE);
    Optional<String> text = HadoopFiles.readText(file, hadoop);
    if (text.isEmpty()) {
      requireEmpty(new Path(directory), hadoop);
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(text.get(), FollowState.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot read %s: %s; begin with a new --checkpoint"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  private static void requireEmpty(Path directory, Configuration hadoop) {
    for (Path child : HadoopFiles.children(directory, hadoop)) {
      if (!child.getName().equals(LEASES)) {
        throw new IllegalArgumentException(
            "Cannot keep a checkpoint in %s: it is not empty and has no %s, so it belongs to something else; choose another directory"
                .formatted(directory, FILE));
      }
    }
  }

  /**
   * Makes a run the only one that goes on with a checkpoint.
   *
   * @throws IllegalArgumentException if another run does, or the directory is used for something
   *     else
   */
  static Lease lease(String directory, String runId, Configuration hadoop) {
    // Before anything is written there.
    read(directory, hadoop);
    return Lease.take(new Path(directory, LEASES), runId, "checkpoint " + directory, hadoop);
  }

  /** Writes it into a directory, which is made if it is missing. */
  void write(String directory, Configuration hadoop) {
    Path place = new Path(directory);
    try {
      HadoopFiles.of(place, hadoop).mkdirs(place);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make %s: %s".formatted(place, e.getMessage()), e);
    }
    HadoopFiles.replace(new Path(place, FILE), Json.text(this), hadoop);
  }

  /**
   * Makes sure that a run goes on as the stream began.
   *
   * @param now what this run would do
   * @throws IllegalArgumentException if something differs; the message names both
   */
  void requireSame(FollowState now, String directory) {
    String checkpoint = "checkpoint " + directory;
    made.difference(checkpoint, now.made, "this run")
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "Cannot follow: %s; give the same, or run once without --follow and with --on-model-change, and then follow with a new --checkpoint"
                      .formatted(difference));
            });
    same("corpus", input, now.input, directory);
    same("output", output, now.output, directory);
    same("output-format", outputFormat, now.outputFormat, directory);
    same("id-column", idColumn, now.idColumn, directory);
    same("text-column", made.textColumn(), now.made.textColumn(), directory);
    same("embedding-column", embeddingColumn, now.embeddingColumn, directory);
    same("keep-columns", keepColumns, now.keepColumns, directory);
  }

  private static void same(String what, Object before, Object now, String directory) {
    if (!before.equals(now)) {
      throw new IllegalArgumentException(
          "Cannot follow: checkpoint %s began with %s %s, found %s; give the same, or begin with a new --checkpoint, which encodes only what the table does not have"
              .formatted(directory, what, inWords(before), inWords(now)));
    }
  }

  private static String inWords(Object value) {
    return value instanceof RunManifest.Input input
        ? "%s of format %s%s"
            .formatted(
                String.join(", ", input.paths()),
                input.format(),
                input.where().isEmpty() ? "" : " where " + input.where())
        : value.toString();
  }
}
