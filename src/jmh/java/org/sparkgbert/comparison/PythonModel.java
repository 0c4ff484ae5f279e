package org.sparkgbert.comparison;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.files.Directories;
import org.sparkgbert.files.SampleData;

/**
 * A checkpoint as the backends of sentence-transformers open it: what {@code prepare.py} made of
 * it, in the Python environment that {@code environment.sh} made.
 */
final class PythonModel {
  /** How scripts of this project say that they have been skipped. */
  static final int SKIPPED = 77;

  /** Texts that NNCF observes, from the sample corpus: none of them is encoded here. */
  private static final int CALIBRATION_TEXTS = 300;

  private final Path build;
  private final Path directory;

  private PythonModel(Path build, Path directory) {
    this.build = build;
    this.directory = directory;
  }

  /**
   * Makes the environment, if it is missing or outdated.
   *
   * @return the exit code, {@link #SKIPPED} where there is no Python or no package index; the
   *     reason has been printed
   */
  static int makeEnvironment(Path build) throws IOException, InterruptedException {
    return new ProcessBuilder(scripts(build).resolve("environment.sh").toString())
        .inheritIO()
        .start()
        .waitFor();
  }

  private static Path scripts(Path build) {
    return build.resolveSibling("src").resolve("jmh").resolve("python");
  }

  /** Makes what the backends open, unless an earlier run made it of the same checkpoint. */
  static PythonModel of(Path build, Path checkpoint, Path directory)
      throws IOException, InterruptedException {
    PythonModel model = new PythonModel(build, directory);
    Path scripts = scripts(build);
    Provenance provenance =
        Provenance.of(
            model.scratch("python.txt"),
            List.of(
                checkpoint, scripts.resolve("prepare.py"), scripts.resolve("requirements.txt")));
    if (!provenance.isCurrent()) {
      model.make(checkpoint);
      provenance.record();
    }
    return model;
  }

  private void make(Path checkpoint) throws IOException, InterruptedException {
    Directories.delete(directory);
    Files.createDirectories(directory.getParent());
    Path texts = scratch("calibration.json");
    JsonMapper.builder().build().writeValue(texts.toFile(), calibrationTexts());
    Path log = scratch("prepare.log");
    System.out.printf("Making models of %s with sentence-transformers ...%n", checkpoint);
    Process process =
        python("prepare.py", checkpoint.toString(), directory.toString(), texts.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("Cannot make models of %s: see %s".formatted(checkpoint, log));
    }
  }

  private static List<String> calibrationTexts() {
    return SampleData.read("corpus.jsonl").stream()
        .map(row -> row.path("text").asText(""))
        .filter(text -> !text.isBlank())
        .limit(CALIBRATION_TEXTS)
        .toList();
  }

  /** Where the models are. */
  Path directory() {
    return directory;
  }

  /** The export in float32. */
  Path onnx() {
    return directory.resolve("onnx").resolve("model.onnx");
  }

  /** Its tokenizer. */
  Path tokenizer() {
    return directory.resolve("tokenizer.json");
  }

  /** A file beside the models. */
  Path scratch(String name) {
    return directory.resolveSibling(directory.getFileName() + "-" + name);
  }

  /** A Python program of this project. The user's own settings stay out. */
  ProcessBuilder python(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(build.resolve("python-encoders/bin/python").toString());
    command.add(scripts(build).resolve(script).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().keySet().removeIf(name -> name.matches("PYTHON(PATH|HOME|WARNINGS)"));
    process.environment().put("PYTHONNOUSERSITE", "1");
    process.environment().put("PYTHONUTF8", "1");
    process.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    return process;
  }
}
