package org.sparkgbert.convert;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.tokenize.LongText;

/** The committed tiny checkpoints, and copies of them to be changed. */
public final class TestCheckpoints {
  /** Where they lie. */
  public static final Path FOLDER = Path.of("src", "test", "resources", "checkpoints");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TestCheckpoints() {}

  /** Names of all of them. */
  static List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** Copies one of them into a new directory. */
  public static Path copy(String name, Path target) {
    Path source = FOLDER.resolve(name);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a JSON object in a file; a file that is missing starts as an empty object. */
  public static void edit(Path file, Consumer<ObjectNode> change) {
    try {
      ObjectNode json =
          Files.exists(file) ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
      change.accept(json);
      JSON.writeValue(file.toFile(), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Imports a directory or an ONNX file. */
  public static Bundle imported(
      Path source, Path output, ElementType precision, Overrides overrides) {
    Origin origin = new Origin(source, "tiny", "test", "1", "");
    return ModelImporter.run(
        new ImportRequest(origin, output, precision, overrides), WriteMode.OVERWRITE);
  }

  /** Settings by which all texts stand in one batch, padded to the longest of them. */
  static EncoderSettings paddingSettings() {
    return TinyModel.settings(0, LongText.CUT, 1 << 22, true);
  }

  /** What is read of a directory, before any weights. */
  static SentenceModel read(Path directory) {
    return SentenceModelReader.read(new CheckpointFiles(directory));
  }
}
