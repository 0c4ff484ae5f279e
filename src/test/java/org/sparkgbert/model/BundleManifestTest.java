package org.sparkgbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;

class BundleManifestTest {
  private static final String SHA256 = "0123456789abcdef".repeat(4);

  @Test
  void aManifestThatIsWrittenReadsBackEqual() throws IOException {
    BundleManifest manifest = BundleManifest.parse(tinyJson());
    assertThat(manifest.toJson()).contains("\"max_seq_length\" : 128").endsWith("}\n");
    assertThat(BundleManifest.parse(manifest.toJson())).isEqualTo(manifest);
  }

  @Test
  void fieldsOfLaterToolsAreIgnored() throws IOException {
    String json = tinyJson().replace("\"dimension\"", "\"of_the_future\": [1], \"dimension\"");
    assertThat(BundleManifest.parse(json)).isEqualTo(BundleManifest.parse(tinyJson()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\": \"tiny-bert\"      | \"x\": 1             | name is missing",
        "\"prompt\": \"\"             | \"prompt\": null     | prompt is missing",
        "\"pooling\": \"mean\"        | \"x\": 1             | pooling is missing",
        "\"precision\": \"float32\"   | \"x\": 1             | precision is missing",
        "\"architecture\"             | \"x\"                | architecture is missing",
        "\"files\"                    | \"x\"                | files is missing",
        "\"files\": [                 | \"files\": [null,    | files must not list null",
        "\"dimension\": 32            | \"dimension\": 0     | dimension must be positive, found 0",
        "\"max_seq_length\": 128      | \"x\": 1             "
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
