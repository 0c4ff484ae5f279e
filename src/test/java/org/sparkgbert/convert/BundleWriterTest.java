package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TinyModel;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;

class BundleWriterTest {
  private static final BundleManifest TINY = Bundle.open(TinyModel.DIRECTORY).manifest();

  @Test
  void whatIsPublishedOpensAndNothingElseStays(@TempDir Path folder) throws IOException {
    Path directory = folder.resolve("bundle");
    write(directory).publish(files -> manifest(files));
    Bundle bundle = Bundle.open(directory);
    assertThat(bundle.manifest().files()).isEqualTo(TINY.files());
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(directory));
  }

  @Test
  void nothingHasTheBundlesNameBeforeItIsPublished(@TempDir Path folder) throws IOException {
    Path directory = folder.resolve("bundle");
    BundleWriter writer = write(directory);
    assertThat(directory).doesNotExist();
    writer.publish(files -> manifest(files));
    assertThat(directory).isDirectory();
  }

  @Test
  void anOlderBundleAndADeadRunsRestAreReplaced(@TempDir Path folder) throws IOException {
    Path directory = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(directory.resolve("older"), "older");
    Path part = Files.createDirectory(folder.resolve(".bundle.part"));
    Files.writeString(part.resolve("rest"), "rest");
    write(directory).publish(files -> manifest(files));
    assertThat(directory.resolve("older")).doesNotExist();
    assertThat(directory.resolve("rest")).doesNotExist();
    assertThat(Bundle.open(directory).manifest().files()).hasSize(2);
  }

  @Test
  void aBundleStaysWhereTheFilesOfANewDefaultBundleAreMissing(@TempDir Path folder)
      throws IOException {
    Path bundle = TinyModel.copyTo(folder.resolve("bundle"));
    assertThatThrownBy(() -> DefaultBundle.main(arguments(folder, bundle)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("e5-small-v2.onnx");
    assertThat(Bundle.open(bundle).manifest()).isEqualTo(TINY);
  }

  @Test
  void theDefaultBundleNeedsFourArguments() {
    assertThatThrownBy(() -> DefaultBundle.main(new String[] {"one"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make the default bundle: it needs four arguments, found 1");
  }

  private static String[] arguments(Path folder, Path bundle) {
    return new String[] {folder.toString(), bundle.toString(), "0.1.0", "2026-11-23T00:00:00Z"};
  }

  private static BundleWriter write(Path directory) throws IOException {
    BundleWriter writer = new BundleWriter(directory);
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
