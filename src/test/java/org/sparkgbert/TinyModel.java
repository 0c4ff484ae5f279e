package org.sparkgbert;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.files.Checksums;
import org.sparkgbert.model.Architecture;
import org.sparkgbert.model.BundleFile;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.settings.Settings;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

/** The tiny committed model and its golden vectors, for the tests of all packages. */
public final class TinyModel {
  /** Folder of the bundle; tests that change files take a {@link #copyTo copy}. */
  public static final Path DIRECTORY = Path.of("src", "test", "resources", "tiny-bert");

  /** Folder of the default bundle, in int8, which the build makes. */
  public static final Path DEFAULT_MODEL = Path.of("target", "models", "default");

  /** Folder of the default model's bundle for GPUs, in float16, which the build makes. */
  public static final Path DEFAULT_MODEL_GPU = Path.of("target", "models", "default-gpu");

  /** Folder of the checkpoint that both are made from. */
  public static final Path DEFAULT_CHECKPOINT = Path.of("src", "main", "models", "default");

  /** Length of the tiny model's embeddings. */
  public static final int DIMENSION = 32;

  /** Most tokens that the tiny model reads. */
  public static final int MAX_SEQ_LENGTH = 128;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TinyModel() {}

  /**
   * What the reference implementation makes of a text without Unicode normalisation.
   *
   * @param tokenIds as the model sees them, cut
   * @param tokens their number before the cut
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Golden(String text, long[] tokenIds, int tokens, float[] embedding) {}

  /** The tiny model's golden records; the last two have 128 and 129 tokens. */
  public static List<Golden> golden() {
    return golden(DIRECTORY.resolve("golden.jsonl"));
  }

  /** The default model's golden records. */
  public static List<Golden> defaultModelGolden() {
    return golden(DIRECTORY.resolveSibling("default-model-golden.jsonl"));
  }

  private static List<Golden> golden(Path file) {
    try {
      List<Golden> records = new ArrayList<>();
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        records.add(JSON.readValue(line, Golden.class));
      }
      return records;
    } catch (IOException e) {
      throw new AssertionError("Cannot read " + file, e);
    }
  }

  /** Texts of the tiny model's golden records. */
  public static List<String> texts() {
    return golden().stream().map(Golden::text).toList();
  }

  /** The defaults, without Unicode normalisation, on one thread of the CPU. */
  public static EncoderSettings settings() {
    return settings(0, LongText.CUT, 0, true);
  }

  /** Settings without Unicode normalisation, on one thread of the CPU. */
  public static EncoderSettings settings(
      int maxSeqLength, LongText longText, int tokenBudget, boolean dedupe) {
    return new EncoderSettings(
        cleaner(),
        maxSeqLength,
        longText,
        false,
        0,
        tokenBudget,
        Settings.NONE.get(EncoderOptions.WINDOW_ROWS),
        EncoderSettings.WINDOW_CHARACTERS,
        dedupe,
        DeviceSettings.cpu(1));
  }

  /** No Unicode normalisation, the default limit of characters. */
  public static TextCleaner cleaner() {
    return TextCleaner.of(Settings.NONE.with(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE));
  }

  /** Copies the tiny bundle into a new folder. */
  public static Path copyTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    return directory;
  }

  /** Replaces text in a bundle's manifest, which must contain it. */
  public static void editManifest(Path bundle, String from, String to) throws IOException {
    rewriteManifest(
        bundle,
        json -> {
          if (!json.contains(from)) {
            throw new AssertionError("No " + from + " in " + json);
          }
          return json.replace(from, to);
        });
  }

  /** Replaces a bundle's manifest. */
  public static void rewriteManifest(Path bundle, UnaryOperator<String> change) throws IOException {
    Path manifest = bundle.resolve(BundleManifest.FILE);
    Files.writeString(manifest, change.apply(Files.readString(manifest)));
  }

  /** Makes a bundle of another graph and the tiny tokenizer. */
  public static Path bundle(Path directory, byte[] graph, int dimension, boolean normalize)
      throws IOException {
    Files.createDirectories(directory);
    Path model = Files.write(directory.resolve(BundleManifest.MODEL_FILE), graph);
    Path tokenizer =
        Files.copy(
            DIRECTORY.resolve(BundleManifest.TOKENIZER_FILE),
            directory.resolve(BundleManifest.TOKENIZER_FILE));
    BundleManifest manifest =
        new BundleManifest(
            BundleManifest.FORMAT_VERSION,
            "tiny-graph",
            "a test",
            "1",
            "CC0-1.0",
            "For one test only.",
            new Architecture("table", 1, dimension, 1, 468),
            dimension,
            MAX_SEQ_LENGTH,
            "mean",
            normalize,
            "",
            "float32",
            17,
            List.of(describe(model), describe(tokenizer)),
            "0.1.0",
            "2026-11-23T00:00:00Z",
            List.of());
    Files.writeString(directory.resolve(BundleManifest.FILE), manifest.toJson());
    return directory;
  }

  private static BundleFile describe(Path file) throws IOException {
    return new BundleFile(file.getFileName().toString(), Files.size(file), Checksums.sha256(file));
  }
}
