package org.sparkgbert.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sparkgbert.convert.ImportRequest;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.ImportRequest.Overrides;
import org.sparkgbert.convert.ModelImporter;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.files.Json;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.train.TrainingRecord.WrittenFile;

/**
 * The directory of a trained model before it has its name.
 *
 * @param staged where it grows
 */
record TrainedDirectory(Path staged) {
  /** The bundle's directory in that of the model. */
  static final String BUNDLE = "bundle";

  private static final String CHECKPOINT = "checkpoint";
  private static final String CARD = "README.md";
  private static final String REPORT = "report.html";
  private static final String RECORD = "training.json";

  /** The name that sentence-transformers gives the file of an evaluator called dev. */
  private static final String SCORES = "similarity_evaluation_dev_results.csv";

  /**
   * Writes the checkpoint and makes its bundle. The importer refuses a bundle inside of what it is
   * made of, so the checkpoint's files move up afterwards.
   *
   * @param best directory with the encoder's weights
   * @param origin what the bundle's manifest says of its source
   */
  void writeModel(PreparedModel model, Path best, Origin origin, ElementType precision)
      throws IOException {
    Path checkpoint = Files.createDirectories(staged.resolve(CHECKPOINT));
    new CheckpointWriter(model).write(checkpoint, best);
    ModelImporter.run(
        new ImportRequest(
            new Origin(
                checkpoint, origin.name(), origin.source(), origin.revision(), origin.licence()),
            staged.resolve(BUNDLE),
            precision,
            Overrides.NONE));
    for (Path each : children(checkpoint)) {
      Files.move(each, staged.resolve(each.getFileName()));
    }
    Files.delete(checkpoint);
  }

  /**
   * Writes what is told of the model, its manifest last.
   *
   * @param page makes a page of it; empty for none
   */
  void describe(TrainedModel model, Optional<Function<TrainedModel, String>> page)
      throws IOException {
    Files.writeString(staged.resolve(CARD), new ModelCardText(model).text());
    Files.writeString(staged.resolve(SCORES), scores(model.curve()));
    if (page.isPresent()) {
      Files.writeString(staged.resolve(REPORT), page.get().apply(model));
    }
    Files.writeString(staged.resolve(RECORD), Json.text(TrainingRecord.of(model, files())));
  }

  /** The columns of sentence-transformers' {@code EmbeddingSimilarityEvaluator}, version 6.2. */
  private static String scores(Curve curve) {
    return curve.scores().stream()
        .map(
            score ->
                "%s,%d,%s,%s"
                    .formatted(
                        score.epoch(),
                        score.step(),
                        field(score.pearson()),
                        field(score.spearman())))
        .collect(Collectors.joining("\n", "epoch,steps,cosine_pearson,cosine_spearman\n", "\n"));
  }

  private static String field(Double value) {
    return value == null ? "nan" : value.toString();
  }

  private List<WrittenFile> files() throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(staged)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        if (!BundlePublication.isMark(file)) {
          files.add(
              new WrittenFile(
                  staged.relativize(file).toString(), Files.size(file), Checksums.sha256(file)));
        }
      }
    }
    return files;
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.toList();
    }
  }
}
