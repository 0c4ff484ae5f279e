package org.sparkgbert.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.ImportRequest;
import org.sparkgbert.convert.ModelImporter;
import org.sparkgbert.convert.RandomCheckpoint;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.embed.ModelReference;
import org.sparkgbert.files.Directories;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.settings.Labels;

/**
 * The models to measure; those of a shape are generated.
 *
 * @param directory where models of a shape are kept for later runs; created if missing
 * @param progress is told which model is being generated
 */
record BenchModels(Path directory, Progress progress) {
  /**
   * Opens all models, those of shapes last.
   *
   * @throws IllegalArgumentException if a model does not exist, its shape is unknown, or it cannot
   *     have the precision
   */
  List<BenchModel> open(BenchSettings settings) {
    List<BenchModel> models = new ArrayList<>();
    for (String name : settings.models()) {
      models.add(of(new ModelReference(name, "").open()));
    }
    for (String name : settings.shapes()) {
      models.addAll(ofShape(name, RandomCheckpoint.Shape.parse(name), settings.precisions()));
    }
    return models;
  }

  private static BenchModel of(Bundle bundle) {
    BundleManifest manifest = bundle.manifest();
    Architecture shape = manifest.architecture();
    if (shape.layers() < 1 || shape.hiddenSize() < 1) {
      throw new IllegalArgumentException(
          "Cannot measure %s: its manifest does not state its shape, found %d layers of %d"
              .formatted(bundle, shape.layers(), shape.hiddenSize()));
    }
    return new BenchModel(
        manifest.name() + " " + manifest.precision(),
        bundle,
        ModelShape.of(shape.layers(), shape.hiddenSize()));
  }

  private List<BenchModel> ofShape(
      String name, RandomCheckpoint.Shape shape, List<ElementType> precisions) {
    Path checkpoint = directory.resolve(name + "-checkpoint");
    try {
      Files.createDirectories(directory);
      Directories.delete(checkpoint);
      List<BenchModel> models = new ArrayList<>();
      for (ElementType precision : precisions) {
        String label = Labels.of(precision);
        Path bundle = directory.resolve(name + "-" + label);
        if (!Files.isRegularFile(bundle.resolve(BundleManifest.FILE))) {
          progress.note("Making a model of shape %s, %s".formatted(name, label));
          make(name, shape, checkpoint, bundle, precision);
        }
        models.add(
            new BenchModel(
                name + " " + label,
                Bundle.open(bundle),
                new ModelShape(shape.layers(), shape.hidden(), shape.intermediate())));
      }
      return models;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make model " + name + ": " + e.getMessage(), e);
    } finally {
      Directories.deleteUnchecked(checkpoint);
    }
  }

  private static void make(
      String name,
      RandomCheckpoint.Shape shape,
      Path checkpoint,
      Path bundle,
      ElementType precision)
      throws IOException {
    if (!Files.isDirectory(checkpoint)) {
      RandomCheckpoint.write(shape, checkpoint);
    }
    ModelImporter.run(
        new ImportRequest(
            new ImportRequest.Origin(checkpoint, name, "random weights", "1", "none"),
            bundle,
            precision,
            ImportRequest.Overrides.NONE));
  }
}
