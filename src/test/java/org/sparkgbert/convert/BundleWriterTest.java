package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;

class BundleWriterTest {
  private static final BundleManifest TINY = Bundle.open(TinyModel.DIRECTORY).manifest();

  @Test
  void whatIsPublishedOpensAndNothingElseStays(@TempDir Path folder) throws IOException {
    Path directory = folder.resolve("bundle");
    try (BundleWriter writer = write(directory)) {
      writer.publish(files -> manifest(files));
    }
    Bundle bundle = Bundle.open(directory);
    assertThat(bundle.manifest().files()).isEqualTo(TINY.files());
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(directory));
  }

  @Test
  void nothingHasTheBundlesNameBeforeItIsPublished(@TempDir Path folder) throws IOException {
    Path directory = folder.resolve("bundle");
    try (BundleWriter writer = write(directory)) {
      assertThat(directory).doesNotExist();
      writer.publish(files -> manifest(files));
      assertThat(directory).isDirectory();
    }
  }

  @Test
  void anOlderBundleIsReplaced(@TempDir Path folder) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(directory.resolve("model.onnx"), "older");
    try (BundleWriter writer = write(directory)) {
      writer.publish(files -> manifest(files));
    }
    assertThat(Bundle.open(directory).manifest().files()).hasSize(2);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(directory));
  }

  private static BundleWriter write(Path directory) throws IOException {
    BundleWriter writer = new BundleWriter(directory, WriteMode.OVERWRITE);
    for (BundleFile file : TINY.files()) {
      writer.add(file.name(), out -> Files.copy(TinyModel.DIRECTORY.resolve(file.name()), out));
    }
    return writer;
  }

  private static BundleManifest manifest(List<BundleFile> files) {
    return new BundleManifest(
        TINY.formatVersion(),
        TINY.name(),
        TINY.source(),
        TINY.revision(),
        TINY.licence(),
        TINY.description(),
        TINY.architecture(),
        TINY.dimension(),
        TINY.maxSeqLength(),
        TINY.pooling(),
        TINY.normalize(),
        TINY.prompt(),
        TINY.precision(),
        TINY.opset(),
        files,
        TINY.toolVersion(),
        TINY.created(),
        List.of());
  }
}
