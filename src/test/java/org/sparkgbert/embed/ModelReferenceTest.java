package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.TestSpark;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.settings.Settings;

class ModelReferenceTest {
  @TempDir Path folder;

  @Test
  void aDirectoryIsOpenedWhereItLies() throws IOException {
    Bundle bundle = new ModelReference(TinyBert.directory().toString(), "").open();
    assertThat(bundle.manifest().name()).isEqualTo("tiny-bert");
    assertThat(bundle.directory()).isEqualTo(TinyBert.directory().toRealPath());
  }

  @Test
  void theDefaultIsTheBundleThatTheBuildMade() {
    Bundle bundle = new ModelReference(ModelReference.DEFAULT, "").open();
    assertThat(bundle.directory()).endsWithRaw(Path.of("models", "default"));
    assertThat(bundle.manifest().dimension()).isEqualTo(384);
    assertThat(bundle.manifest().precision()).isEqualTo("int8");
  }

  @Test
  void theDefaultOfADemandedGpuIsTheSameModelInFloat16() {
    Settings cuda = Settings.NONE.with(DeviceOptions.DEVICE, DeviceChoice.CUDA);
    Bundle bundle = ModelReference.of(cuda).open();
    Bundle onCpu = ModelReference.of(Settings.NONE).open();
    assertThat(bundle.manifest().precision()).isEqualTo("float16");
    assertThat(bundle.manifest().name()).isEqualTo(onCpu.manifest().name());
    assertThat(bundle.identity()).isNotEqualTo(onCpu.identity());
    assertThat(ModelReference.of(cuda.with(EmbedderOptions.MODEL, "mine")).location())
        .isEqualTo("mine");
  }

  @Test
  void aHadoopUriIsCopiedToTheCacheOnce() throws IOException {
    Path source = copyOfTinyBert(folder.resolve("source"));
    Path cache = folder.resolve("cache");
    ModelReference reference = new ModelReference(source.toUri().toString(), cache.toString());
    Bundle bundle = reference.open();
    assertThat(bundle.manifest().name()).isEqualTo("tiny-bert");
    assertThat(bundle.directory().getParent()).isEqualTo(cache.toRealPath());
    Files.delete(source.resolve("model.onnx"));
    assertThat(reference.open()).isSameAs(bundle);
  }

  @Test
  void aHadoopUriEmbedsAsItsDirectoryDoes() {
    List<String> texts = List.of("Guten Morgen");
    Row expected = TinyBert.embedder().transform(TestSpark.texts(texts, 1)).first();
    SentenceEmbedder embedder =
        TinyBert.embedder()
            .setModel(TinyBert.directory().toUri().toString())
            .set(EmbedderOptions.MODEL_CACHE, folder.toString());
    assertThat(embedder.transform(TestSpark.texts(texts, 1)).first()).isEqualTo(expected);
    assertThat(folder).isDirectoryContaining("glob:**/bundle-*");
  }

  /** Every later task fetches the archive anew, so it lives as long as the JVM. */
  @Test
  void anArchiveIsFoundByItsName() throws IOException {
    Path zip = Files.createTempDirectory("spark-gbert-archive").resolve("archive.zip");
    zip.getParent().toFile().deleteOnExit();
    zip.toFile().deleteOnExit();
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      copyOfTinyBert(archive.getPath("/"));
    }
    TestSpark.session().sparkContext().addArchive(zip.toUri() + "#tiny-from-archive");
    Bundle bundle = new ModelReference("tiny-from-archive", "").open();
    assertThat(bundle.manifest().name()).isEqualTo("tiny-bert");
    assertThat(bundle.directory().getFileName()).hasToString("tiny-from-archive");
  }

  @Test
  void aNameThatMeansNothingIsRefused() {
    assertThatThrownBy(() -> new ModelReference("nonsense", "").open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot open bundle nonsense: it needs a bundle.json, found no directory");
  }

  @Test
  void aUriWithoutBundleIsRefused() {
    String uri = folder.toUri().toString();
    assertThatThrownBy(() -> new ModelReference(uri, folder.resolve("cache").toString()).open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot fetch bundle file:")
        .hasMessageEndingWith("it needs a bundle.json, found none");
  }

  @Test
  void aDamagedBundleIsRefused() throws IOException {
    Path bundle = copyOfTinyBert(folder.resolve("damaged"));
    byte[] model = Files.readAllBytes(bundle.resolve("model.onnx"));
    model[model.length / 2] ^= 1;
    Files.write(bundle.resolve("model.onnx"), model);
    assertThatThrownBy(() -> new ModelReference(bundle.toString(), "").open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model.onnx is damaged, expected SHA-256 5e559b55");
  }

  @Test
  void theDefaultIsNotShippedInsideOneJvm() {
    assertThat(archivesOf("local[2]", "")).isEmpty();
    assertThat(archivesOf("local", "")).isEmpty();
  }

  @Test
  void theDefaultIsShippedToAClusterBesidesOtherArchives() {
    assertThat(archivesOf("spark://host:7077", "")).endsWith("/default.zip#default");
    assertThat(archivesOf("yarn", "other.zip#other"))
        .startsWith("other.zip#other,file:")
        .endsWith("/default.zip#default");
  }

  @Test
  void theDefaultForGpusIsShippedToExecutorsThatHaveSome() {
    SparkConf settings =
        new SparkConf(false)
            .set("spark.master", "yarn")
            .set("spark.executor.resource.gpu.amount", "1");
    DefaultModel.ship(settings);
    assertThat(settings.get("spark.archives"))
        .matches("file:.*/default\\.zip#default,file:.*/default-gpu\\.zip#default-gpu");
  }

  @Test
  void aModelThatExecutorsAreGivenByThatNameStays() {
    assertThat(archivesOf("yarn", "mine.zip#default")).isEqualTo("mine.zip#default");
  }

  private static String archivesOf(String master, String archives) {
    SparkConf settings = new SparkConf(false).set("spark.master", master);
    if (!archives.isEmpty()) {
      settings.set("spark.archives", archives);
    }
    DefaultModel.ship(settings);
    return settings.get("spark.archives", "");
  }

  private static Path copyOfTinyBert(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : List.of("bundle.json", "model.onnx", "tokenizer.json")) {
      Files.copy(TinyBert.directory().resolve(name), directory.resolve(name));
    }
    return directory;
  }
}
