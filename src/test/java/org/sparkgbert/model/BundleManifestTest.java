package org.sparkgbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.settings.Labels;

class BundleManifestTest {
  private static final String SHA256 = "0123456789abcdef".repeat(4);
  private static final String OTHER =
      "{\"name\": \"other\", \"size\": 1, \"sha256\": \"%s\"}".formatted(SHA256);

  @Test
  void aManifestThatIsWrittenReadsBackEqual() throws IOException {
    BundleManifest manifest = BundleManifest.parse(tinyJson());
    assertThat(manifest.toJson()).contains("\"max_seq_length\" : 128").endsWith("}\n");
    assertThat(BundleManifest.parse(manifest.toJson())).isEqualTo(manifest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"dimension\": 32     | \"x\": [1], \"dimension\": 32 | Unrecognized field \"x\"",
        "\"dimension\": 32     | \"dimension\": 16.7           | Cannot coerce Floating-point value (16.7)",
        "\"dimension\": 32     | \"dimension\": 32.0           | Cannot coerce Floating-point value (32.0)",
        "\"dimension\": 32     | \"dimension\": \"32\"         | Cannot coerce String value",
        "\"dimension\": 32     | \"dimension\": null           | dimension is missing",
        "\"dimension\": 32     | \"dimension\": 99999999999    | Numeric value (99999999999) out of range",
        "\"dimension\": 32     | \"dimension\": 8, \"dimension\": 32 | Duplicate field 'dimension'",
        "\"name\": \"tiny-bert\" | \"name\": 7                   | Cannot coerce Integer value",
        "\"layers\": 2         | \"layers\": 2, \"extra\": 1   | Unrecognized field \"extra\"",
      })
  void whatIsNotUnderstoodInFullIsRefused(String from, String to, String message)
      throws IOException {
    String json = tinyJson().replace(from, to);
    assertThat(json).isNotEqualTo(tinyJson());
    assertThatThrownBy(() -> BundleManifest.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatFollowsAManifestIsRefused() throws IOException {
    String json = tinyJson() + "{}";
    assertThatThrownBy(() -> BundleManifest.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Trailing token");
  }

  @Test
  void aFileThatIsListedTwiceIsRefused() throws IOException {
    String json = tinyJson().replace("\"files\": [", "\"files\": [" + OTHER + "," + OTHER + ",");
    assertThatThrownBy(() -> BundleManifest.parse(json))
        .hasMessageStartingWith(
            "files must list each file once, and not bundle.json, found [other");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\": \"tiny-bert\"      | \"name\": null       | name is missing",
        "\"prompt\": \"\"             | \"prompt\": null     | prompt is missing",
        "\"pooling\": \"mean\"        | \"pooling\": null    | pooling is missing",
        "\"precision\": \"float32\"   | \"precision\": null  | precision is missing",
        "\"precision\": \"float32\"   | \"precision\": \"float8\""
            + "| precision must be float32, float16 or int8, found 'float8'",
        "\"precision\": \"float32\"   | \"precision\": \"FLOAT16\""
            + "| precision must be float32, float16 or int8, found 'FLOAT16'",
        "\"precision\": \"float32\"   | \"precision\": \"\""
            + "| precision must be float32, float16 or int8, found ''",
        "\"files\": [                 | \"files\": [null,    | files must not list null",
        "\"dimension\": 32            | \"dimension\": 0     | dimension must be positive, found 0",
        "\"max_seq_length\": 128      | \"max_seq_length\": 0"
            + "| max_seq_length must be positive, found 0",
        "\"name\": \"tokenizer.json\" | \"name\": \"t.json\" "
            + "| files must list model.onnx and tokenizer.json, found [model.onnx, t.json]",
        "\"size\": 11146              | \"size\": 0          "
            + "| tokenizer.json needs a positive size, found 0",
        "\"sha256\": \"cd             | \"sha256\": \"CD     | tokenizer.json needs a SHA-256, found",
      })
  void aValueThatIsMissingOrOutOfRangeIsNamed(String from, String to, String message)
      throws IOException {
    String json = tinyJson().replace(from, to);
    assertThat(json).isNotEqualTo(tinyJson());
    assertThatThrownBy(() -> BundleManifest.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void everyPrecisionOfAnImportIsKnown(ElementType precision) throws IOException {
    String label = Labels.of(precision);
    assertThat(BundleManifest.parse(tinyJson().replace("float32", label)).precision())
        .isEqualTo(label);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../model.onnx",
        "/model.onnx",
        "a/b",
        "a\\b",
        ".hidden",
        "a\0",
        "ä"
      })
  void aFileNameThatIsNotPlainIsRefused(String name) {
    assertThatThrownBy(() -> new BundleFile(name, 1, SHA256))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a file needs a plain name, found '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "model.onnx_data", "weights-00001.bin", "_a"})
  void plainFileNamesAreTaken(String name) {
    assertThat(new BundleFile(name, 1, SHA256).name()).isEqualTo(name);
  }

  private static String tinyJson() throws IOException {
    return Files.readString(TinyModel.DIRECTORY.resolve(BundleManifest.FILE));
  }
}
