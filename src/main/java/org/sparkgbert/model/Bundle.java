package org.sparkgbert.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.sparkgbert.files.Checksums;

/**
 * A verified model bundle on this machine's disk.
 *
 * @param directory where it is
 * @param manifest what its {@code bundle.json} says
 * @param checksum SHA-256 of {@code bundle.json}, which lists the checksums of all other files: it
 *     identifies this copy of the model, down to the date of its import
 */
public record Bundle(Path directory, BundleManifest manifest, String checksum) {
  private static final Map<String, Bundle> VERIFIED = new ConcurrentHashMap<>();

  /**
   * Opens a bundle and verifies size and SHA-256 of each file, once per JVM unless the files
   * change.
   *
   * <p><b>Threads:</b> safe; threads that open the same bundle wait for one verification.
   *
   * @throws IllegalArgumentException if there is no bundle or it is damaged; the message names the
   *     file, what was expected and what was found
   */
  public static Bundle open(Path directory) {
    try {
      Bundle unverified = read(directory);
      return VERIFIED.computeIfAbsent(unverified.stateOfFiles(), key -> unverified.verify());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open bundle " + directory + ": " + e, e);
    }
  }

  private static Bundle read(Path directory) throws IOException {
    Path file = directory.resolve(BundleManifest.FILE);
    if (!Files.isRegularFile(file)) {
      String found = Files.isDirectory(directory) ? "a directory without it" : missing(directory);
      throw new IllegalArgumentException(
          "Cannot open bundle %s: it needs a %s, found %s"
              .formatted(directory, BundleManifest.FILE, found));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] json = BundleManifest.readBytes(in);
      BundleManifest manifest = BundleManifest.parse(json);
      return new Bundle(directory.toRealPath(), manifest, Checksums.sha256(json));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot open bundle %s: %s is not a manifest, %s"
              .formatted(directory, BundleManifest.FILE, e.getMessage()),
          e);
    }
  }

  /** What is beside a directory that is not there: a bundle may be on its way to its name. */
  private static String missing(Path directory) {
    Path name = directory.getFileName();
    Path work = directory.resolveSibling("." + name + ".publish");
    return name != null && Files.isDirectory(work)
        ? "no directory, but an import that runs or died, in " + work
        : "no directory";
  }

  /** Changes whenever a file of the bundle is written, so that the bundle is verified again. */
  private String stateOfFiles() throws IOException {
    StringBuilder key = new StringBuilder(directory + "\n" + checksum);
    for (BundleFile file : manifest.files()) {
      Path path = directory.resolve(file.name());
      if (Files.isRegularFile(path)) {
        key.append('\n')
            .append(Files.size(path))
            .append(' ')
            .append(Files.getLastModifiedTime(path));
      }
    }
    return key.toString();
  }

  private Bundle verify() {
    for (BundleFile file : manifest.files()) {
      verify(directory, file);
    }
    requireAllWeights();
    return this;
  }

  /** Weights that the manifest does not list could change, and nobody would notice. */
  private void requireAllWeights() {
    Set<String> read;
    try {
      read = ExternalWeights.of(model());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot open bundle %s: %s is not an ONNX file, %s"
              .formatted(directory, BundleManifest.MODEL_FILE, e.getMessage()),
          e);
    }
    Set<String> listed =
        manifest.files().stream().map(BundleFile::name).collect(Collectors.toSet());
    for (String file : read) {
      if (!listed.contains(file)) {
        throw new IllegalArgumentException(
            "Cannot open bundle %s: %s reads weights from '%s', which %s does not list"
                .formatted(directory, BundleManifest.MODEL_FILE, file, BundleManifest.FILE));
      }
    }
  }

  /**
   * Compares one file with its entry in the manifest.
   *
   * @throws IllegalArgumentException if it is missing or differs
   */
  static void verify(Path directory, BundleFile file) {
    Path path = directory.resolve(file.name());
    try {
      if (!Files.isRegularFile(path)) {
        throw damaged(directory, file, "a file", "none");
      }
      if (Files.size(path) != file.size()) {
        throw damaged(directory, file, file.size() + " bytes", Files.size(path) + " bytes");
      }
      String sha256 = Checksums.sha256(path);
      if (!sha256.equals(file.sha256())) {
        throw damaged(directory, file, "SHA-256 " + file.sha256(), sha256);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + ": " + e, e);
    }
  }

  private static IllegalArgumentException damaged(
      Path directory, BundleFile file, String expected, String found) {
    return new IllegalArgumentException(
        "Cannot open bundle %s: %s is damaged, expected %s, found %s"
            .formatted(directory, file.name(), expected, found));
  }

  /** Identifies the model by all that changes its vectors; see {@link BundleManifest#identity}. */
  public String identity() {
    return manifest.identity();
  }

  /** The same model with another prompt. */
  public Bundle withPrompt(String prompt) {
    return new Bundle(directory, manifest.withPrompt(prompt), checksum);
  }

  /** The ONNX graph's file. */
  public Path model() {
    return directory.resolve(BundleManifest.MODEL_FILE);
  }

  /** The tokenizer's file, in the format of Hugging Face tokenizers. */
  public Path tokenizer() {
    return directory.resolve(BundleManifest.TOKENIZER_FILE);
  }

  /** Name, revision and start of the identity, for messages. */
  @Override
  public String toString() {
    return "%s (revision %s, %s)"
        .formatted(manifest.name(), manifest.revision(), identity().substring(0, 12));
  }
}
