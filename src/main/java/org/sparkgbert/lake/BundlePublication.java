package org.sparkgbert.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a model bundle, or a trained model, on this machine's disk as tables are published: it
 * grows in a hidden directory, becomes visible under its name by one rename, and there is one
 * writer at a time.
 *
 * <p><b>Ownership:</b> owns the hidden directory until {@link #close}.
 */
public final class BundlePublication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BundlePublication.class);

  private final Publication publication;

  private BundlePublication(Publication publication) {
    this.publication = publication;
  }

  /**
   * Takes the lease on a bundle's directory, and repairs what a dead run left there.
   *
   * @throws IllegalArgumentException if it exists and must not be overwritten, if it is not a
   *     bundle, or if another run is writing it
   * @throws IOException if the disk refuses
   */
  public static BundlePublication begin(Path bundle, WriteMode mode) throws IOException {
    return begin(bundle, Contents.BUNDLE, mode);
  }

  /**
   * The same for the directory of a trained model, in which {@code training.json} lists all files.
   */
  public static BundlePublication beginTrained(Path model, WriteMode mode) throws IOException {
    return begin(model, Contents.TRAINED, mode);
  }

  private static BundlePublication begin(Path directory, Contents contents, WriteMode mode)
      throws IOException {
    Publication publication =
        Publication.begin(
            place(directory, contents),
            mode,
            KeepOld.NONE,
            Unfinished.DELETE,
            LeaseHolder.self(UUID.randomUUID().toString()),
            Lease.EXPIRY);
    if (!publication.warning().isEmpty()) {
      LOG.warn("{}", publication.warning());
    }
    return new BundlePublication(publication);
  }

  /**
   * Looks whether a bundle may be written, before work is spent on it; takes no lease.
   *
   * @throws IllegalArgumentException as {@link #begin} does
   * @throws IOException if the disk refuses
   */
  public static void requireFree(Path bundle, WriteMode mode) throws IOException {
    TablePlace place = place(bundle, Contents.BUNDLE);
    place.requireRenameable();
    place.requireFree(mode);
  }

  /**
   * Refuses a bundle that would take the place of what it is made of, or become part of it.
   *
   * @param input a file or directory
   * @throws IllegalArgumentException if the bundle is the input, or one lies in the other
   * @throws IOException if links go in a circle
   */
  public static void requireSeparate(Path bundle, Path input) throws IOException {
    requireSeparate(Contents.BUNDLE, bundle, input);
  }

  /** The same for the directory of a trained model. */
  public static void requireTrainedSeparate(Path model, Path input) throws IOException {
    requireSeparate(Contents.TRAINED, model, input);
  }

  /**
   * The same for what else a trained model is made of.
   *
   * @param inputs paths, globs or names of tables; what is not there does not matter
   */
  public static void requireTrainedSeparate(Path model, List<String> inputs, Configuration hadoop)
      throws IOException {
    SeparateOutput.requireSeparate(
        Contents.TRAINED,
        LocalFiles.real(LocalFiles.hadoop(model.toAbsolutePath().normalize())),
        model,
        inputs,
        hadoop);
  }

  private static void requireSeparate(Contents contents, Path output, Path input)
      throws IOException {
    SeparateOutput.requireSeparate(
        contents,
        LocalFiles.real(LocalFiles.hadoop(output.toAbsolutePath().normalize())),
        LocalFiles.real(LocalFiles.hadoop(input.toAbsolutePath().normalize())),
        output,
        input);
  }

  /**
   * Gives a bundle its name again before it is read, where a run died that was replacing it.
   *
   * @throws IllegalArgumentException if a run is publishing it, or it cannot be renamed
   */
  public static void finishBeforeReading(Path bundle) {
    if (Files.exists(bundle)) {
      return;
    }
    try {
      HalfSwap.finishBeforeReading(
          LocalFiles.disk(), LocalFiles.hadoop(bundle.toAbsolutePath()), Contents.BUNDLE);
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read %s: %s".formatted(bundle, e), e);
    }
  }

  private static TablePlace place(Path directory, Contents contents) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    SeparateOutput.requireOutsideTables(contents, LocalFiles.hadoop(absolute), new Configuration());
    return TablePlace.of(LocalFiles.disk(), LocalFiles.hadoop(absolute), contents);
  }

  /** Where the new bundle grows. */
  public Path staging() {
    return LocalFiles.local(publication.staging());
  }

  /** Whether a file there is not part of what is published. */
  public static boolean isMark(Path file) {
    return file.getFileName().toString().equals(Publication.MARK);
  }

  /** The files that were written there. */
  public List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(staging())) {
      return files.filter(file -> !isMark(file)).sorted().toList();
    }
  }

  /**
   * Gives the bundle its name.
   *
   * @throws IOException if a rename fails, or another run took the lease; what had the name before
   *     has it still
   */
  public void commit() throws IOException {
    publication.commit();
  }

  /** Removes what was not published, and releases the name. */
  @Override
  public void close() throws IOException {
    publication.close();
  }
}
