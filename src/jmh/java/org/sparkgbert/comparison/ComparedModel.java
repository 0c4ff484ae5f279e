package org.sparkgbert.comparison;

import ai.djl.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sparkgbert.convert.ImportRequest;
import org.sparkgbert.convert.Int8Attention;
import org.sparkgbert.convert.ModelImporter;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.convert.graph.Pooling;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;

/**
 * The model that all contenders run.
 *
 * @param onnx what encoders of the JVM run
 * @param tokenizer its tokenizer
 * @param bundles our imports: in float32, and in int8 where it comes from a checkpoint
 * @param python for sentence-transformers, where it comes from a checkpoint
 */
record ComparedModel(
    Path onnx, Path tokenizer, List<Bundle> bundles, Optional<PythonModel> python) {

  private static Path directory(Path build) {
    return build.resolve("compared-model");
  }

  /** e5-small-v2 as published: an ONNX file out of a jar, which the build unpacked. */
  static ComparedModel published(Path build) {
    Path onnx = directory(build).resolve("e5-small-v2.onnx");
    Path tokenizer = onnx.resolveSibling("e5-small-v2-tokenizer.json");
    ImportRequest request =
        new ImportRequest(
            new ImportRequest.Origin(onnx, "e5-small-v2", "intfloat/e5-small-v2", "", "MIT"),
            build.resolve("models").resolve("e5-small-v2"),
            ElementType.FLOAT32,
            new ImportRequest.Overrides(
                Optional.of("query: "),
                Optional.empty(),
                Optional.of(tokenizer),
                List.of(Pooling.MEAN),
                true));
    Bundle bundle = ModelImporter.run(request, WriteMode.OVERWRITE);
    return new ComparedModel(onnx, tokenizer, List.of(bundle), Optional.empty());
  }

  /**
   * A checkpoint, exported to ONNX in Python.
   *
   * @param attention of our import in int8
   */
  static ComparedModel of(Path build, Path checkpoint, Int8Attention attention)
      throws IOException, InterruptedException {
    String name = checkpoint.getFileName().toString();
    PythonModel python = PythonModel.of(build, checkpoint, directory(build).resolve(name));
    List<Bundle> bundles = new ArrayList<>();
    for (ElementType precision : List.of(ElementType.FLOAT32, ElementType.INT8)) {
      bundles.add(imported(build, checkpoint, precision, attention));
    }
    return new ComparedModel(python.onnx(), python.tokenizer(), bundles, Optional.of(python));
  }

  /** Imports a checkpoint, unless an earlier run did so with the same code. */
  private static Bundle imported(
      Path build, Path checkpoint, ElementType precision, Int8Attention attention)
      throws IOException {
    String name = checkpoint.getFileName().toString();
    String how = precision == ElementType.INT8 ? "int8-" + attention : precision.name();
    Path output = directory(build).resolve(name + "-" + how.toLowerCase(Locale.ROOT));
    Provenance provenance =
        Provenance.of(
            output.resolveSibling(output.getFileName() + ".txt"),
            List.of(checkpoint, build.resolve("classes")));
    if (Files.isDirectory(output) && provenance.isCurrent()) {
      return Bundle.open(output);
    }
    System.out.printf("Importing %s to %s ...%n", checkpoint, output);
    ImportRequest request =
        new ImportRequest(
            new ImportRequest.Origin(checkpoint, name, name, "", ""),
            output,
            precision,
            precision == ElementType.INT8 ? attention : Int8Attention.MEASURED,
            ImportRequest.Overrides.NONE);
    Bundle bundle = ModelImporter.run(request, WriteMode.OVERWRITE);
    provenance.record();
    return bundle;
  }

  /** What it is. */
  BundleManifest manifest() {
    return bundles.get(0).manifest();
  }

  /**
   * Opens the contenders, our encoder in float32 first.
   *
   * @param others that may take part
   * @throws IllegalArgumentException if none of the others can pool as the model does
   */
  List<Contender> open(int cores, List<Other> others) throws IOException, ModelException {
    String pooling = manifest().pooling();
    List<Other> able = others.stream().filter(each -> each.pools(pooling)).toList();
    if (able.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot compare with %s: its pooling must be one of %s, found %s"
              .formatted(others.get(0).name(), others.get(0).poolings(), pooling));
    }
    List<Contender> contenders = new ArrayList<>();
    bundles.forEach(bundle -> contenders.add(new SparkGbert(bundle, cores)));
    for (Other other : able) {
      contenders.add(other.opening().open(this));
    }
    return contenders;
  }
}
