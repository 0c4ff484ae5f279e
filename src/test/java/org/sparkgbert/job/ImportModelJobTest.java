package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.KnownModel;
import org.sparkgbert.convert.TestCheckpoints;
import org.sparkgbert.convert.TestWeights;
import org.sparkgbert.convert.TinyOnnx;
import org.sparkgbert.lake.BundlePublication;
import org.sparkgbert.lake.WriteMode;
import org.sparkgbert.model.Bundle;

class ImportModelJobTest {
  private static final Path DENSE = TestCheckpoints.FOLDER.resolve("dense");

  @TempDir Path folder;
  private final CapturedConsole console = new CapturedConsole();

  @Test
  void aDirectoryBecomesABundleAndTheOutputDescribesIt() {
    Path output = folder.resolve("models").resolve("bundle");
    assertThat(
            console.run(
                "import-model", TestCheckpoints.FOLDER.resolve("xlmr-unigram"), "--output", output))
        .as(console.text())
        .isZero();
    assertThat(console.out())
        .containsExactly(
            "Bundle     " + output,
            "Model      xlmr-unigram, revision local",
            "Encoder    xlm-roberta, 2 layers, hidden size 32, float32",
            "Embedding  32 dimensions, mean pooling, unit length, at most 40 tokens, prompt"
                + " 'query: '",
            "Licence    none declared: ask the model's authors",
            "Identity   sha256 " + Bundle.open(output).identity(),
            "Checksum   sha256 " + Bundle.open(output).checksum());
    assertThat(console.err()).isEmpty();
    assertThat(output.getParent()).isDirectoryNotContaining(path -> !path.equals(output));
  }

  @Test
  void defaultsAndTheLicenceAreSaid() throws IOException {
    Path checkpoint = TestCheckpoints.copy("bert-plain-hf", folder.resolve("checkpoint"));
    Files.writeString(checkpoint.resolve("README.md"), "---\nlicense: mit\n---\n");
    assertThat(imported(checkpoint, "--precision", "float16")).as(console.text()).isZero();
    assertThat(console.out())
        .contains(
            "Encoder    bert, 2 layers, hidden size 32, float16",
            "Licence    mit",
            "Note       no modules.json: mean pooling, no normalization",
            "Note       no max_seq_length: that of tokenizer and position table");
  }

  @Test
  void anOnnxFileIsImportedWithItsOptions() throws IOException {
    Path model = Files.write(folder.resolve("small.onnx"), TinyOnnx.model().toByteArray());
    Path tokenizer = TinyModel.DIRECTORY.resolve("tokenizer.json");
    assertThat(
            imported(
                model,
                "--tokenizer",
                tokenizer,
                "--pooling",
                "cls,max",
                "--normalize",
                "--prompt",
                "passage: ",
                "--max-seq-length",
                77))
        .as(console.text())
        .isZero();
    assertThat(console.out())
        .contains(
            "Model      small, revision local",
            "Embedding  6 dimensions, cls+max pooling, unit length, at most 77 tokens, prompt"
                + " 'passage: '");
  }

  @Test
  void theListBeginsWithTheReferenceModel() {
    assertThat(console.run("import-model", "--list")).isZero();
    assertThat(console.out()).hasSize(KnownModel.ALL.size() + 1);
    assertThat(console.out().get(0).split("\\s{2,}"))
        .containsExactly("model", "dimension", "pooling", "licence", "STSb-de test, Spearman");
    assertThat(console.out().get(1).split("\\s{2,}"))
        .containsExactly(
            "aari1995/gBERT-large-sts-v2", "1024", "mean", "none declared", "0.8626 (model card)");
    assertThat(console.out().get(9).split("\\s{2,}"))
        .containsExactly("BAAI/bge-m3", "1024", "cls", "mit", "-");
  }

  @Test
  void withoutSourceOrOutputItSaysSo() {
    assertWrong("Cannot import model: give a SOURCE and an --output", "import-model");
    assertWrong("Cannot import model: give a SOURCE and an --output", "import-model", DENSE);
    assertWrong(
        "Cannot import model: give a SOURCE and an --output",
        "import-model",
        "--output",
        folder.resolve("bundle"));
  }

  @Test
  void anUnknownPrecisionIsRefused() {
    assertWrong(
        "Cannot run: --precision must be float32, float16 or int8, found 'int4'",
        "import-model",
        DENSE,
        "--output",
        folder.resolve("bundle"),
        "--precision",
        "int4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "a/b/c", "owner/name@", "--", "https://huggingface.co/a/b"})
  void aSourceThatIsNothingIsRefused(String source) {
    assertWrong(
        "Cannot import model: there is no file '%s', and it is not a Hub id".formatted(source),
        "import-model",
        "--output",
        folder.resolve("bundle"),
        "--",
        source);
  }

  @Test
  void anOutputThatIsNoBundleIsLeftAlone() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("bundle"));
    Files.writeString(directory.resolve("letter.txt"), "Liebe Anna");
    assertWrong(
        "Cannot overwrite file:%s: it is not a bundle, found letter.txt".formatted(directory),
        "import-model",
        DENSE,
        "--output",
        directory,
        "--mode",
        "overwrite");
    assertThat(directory.resolve("letter.txt")).hasContent("Liebe Anna");
    Path file = Files.writeString(folder.resolve("file"), "Inhalt");
    assertWrong(
        "Cannot overwrite file:%s: it is a file, not a bundle".formatted(file),
        "import-model",
        DENSE,
        "--output",
        file,
        "--mode",
        "overwrite");
    assertThat(file).hasContent("Inhalt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--normalize", "--pooling=cls", "--tokenizer=tokenizer.json"})
  void whatACheckpointsFilesDecideIsNoOption(String option) {
    assertWrong(
        "Cannot import checkpoint dense: tokenizer, pooling and normalization come from its files",
        "import-model",
        DENSE,
        "--output",
        folder.resolve("bundle"),
        option);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aBundleIsOverwrittenOnlyIfThatIsAsked() throws IOException {
    assertThat(imported(DENSE)).isZero();
    String before = Bundle.open(folder.resolve("bundle")).checksum();
    assertWrong(
        "Cannot write bundle: file:%s exists; choose another output or --mode overwrite"
            .formatted(folder.resolve("bundle")),
        "import-model",
        TestCheckpoints.FOLDER.resolve("pooling-cls"),
        "--output",
        folder.resolve("bundle"));
    assertThat(Bundle.open(folder.resolve("bundle")).checksum()).isEqualTo(before);
    assertThat(imported(TestCheckpoints.FOLDER.resolve("pooling-cls"), "--mode", "overwrite"))
        .isZero();
    Bundle after = Bundle.open(folder.resolve("bundle"));
    assertThat(after.manifest().name()).isEqualTo("pooling-cls");
    assertThat(after.checksum()).isNotEqualTo(before);
    assertThat(left()).containsExactly("bundle");
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float16", "int8"})
  void importedAgainAnUnchangedCheckpointIsTheSameModel(String precision) throws IOException {
    Bundle first = importedTo("first", precision);
    Bundle second = importedTo("second", precision);
    assertThat(second.identity()).isEqualTo(first.identity());
    assertThat(withoutDate(second)).isEqualTo(withoutDate(first));
  }

  private Bundle importedTo(String name, String precision) {
    Path output = folder.resolve(name);
    assertThat(console.run("import-model", DENSE, "--output", output, "--precision", precision))
        .as(console.text())
        .isZero();
    return Bundle.open(output);
  }

  private static String withoutDate(Bundle bundle) {
    return bundle.manifest().toJson().replace(bundle.manifest().created(), "");
  }

  @Test
  void anExistingBundleIsSaidBeforeAModelIsDownloaded() throws IOException {
    Files.createDirectory(folder.resolve("bundle"));
    assertWrong(
        "Cannot write bundle: file:%s exists; choose another output or --mode overwrite"
            .formatted(folder.resolve("bundle")),
        "import-model",
        "nobody/nothing",
        "--output",
        folder.resolve("bundle"));
  }

  @Test
  void aSecondImportAtTheSameTimeIsRefusedAndTheFirstSucceeds() throws IOException {
    Path output = folder.resolve("bundle");
    try (BundlePublication first = BundlePublication.begin(output, WriteMode.ERROR)) {
      CapturedConsole second = new CapturedConsole();
      assertThat(second.run("import-model", DENSE, "--output", output)).isEqualTo(Main.WRONG_USAGE);
      assertThat(second.err())
          .singleElement()
          .asString()
          .startsWith("spark-gbert: Cannot write bundle: another run is writing it, process ");
      for (Path file : Files.list(TinyModel.DIRECTORY).toList()) {
        Files.copy(file, first.staging().resolve(file.getFileName()));
      }
      Files.delete(first.staging().resolve("golden.jsonl"));
      first.commit();
    }
    assertThat(Bundle.open(output).manifest().name()).isEqualTo("tiny-bert");
    assertThat(left()).containsExactly("bundle");
  }

  @Test
  void anImportThatDiesLeavesTheOldBundleAndNothingElse() throws IOException {
    assertThat(imported(DENSE)).isZero();
    String before = Bundle.open(folder.resolve("bundle")).checksum();
    Path bad = TestCheckpoints.copy("dense", folder.resolve("bad"));
    String last = "encoder.layer.1.output.dense.weight";
    TestWeights.rewrite(bad, weights -> weights.first(last, Float.NaN));
    assertWrong(
        "Cannot use tensor %s: its values must be finite, found NaN at index 0"
            .formatted("'" + last + "'"),
        "import-model",
        bad,
        "--output",
        folder.resolve("bundle"),
        "--mode",
        "overwrite");
    assertThat(Bundle.open(folder.resolve("bundle")).checksum()).isEqualTo(before);
    assertThat(left()).containsExactly("bad", "bundle");
  }

  @Test
  void verboseShowsWhereItWentWrong() {
    CapturedConsole verbose = new CapturedConsole();
    verbose.run("import-model", "nonsense", "--output", folder.resolve("bundle"), "--verbose");
    assertThat(verbose.text()).contains("\tat ");
  }

  private int imported(Path source, Object... options) {
    Stream<Object> first = Stream.of("import-model", source, "--output", folder.resolve("bundle"));
    return console.run(Stream.concat(first, Stream.of(options)).toArray());
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertWrong(String message, Object... arguments) {
    CapturedConsole console = new CapturedConsole();
    assertThat(console.run(arguments)).isEqualTo(Main.WRONG_USAGE);
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).containsExactly("spark-gbert: " + message);
  }
}
