package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.encoder.ConfigFile;
import org.sparkgbert.convert.graph.ElementType;

class MatryoshkaDimensionsTest {
  @TempDir private Path folder;

  private static Optional<List<Integer>> read(String json) throws JsonProcessingException {
    return MatryoshkaDimensions.of(
        new ConfigFile("config.json", JsonMapper.builder().build().readTree(json)));
  }

  @Test
  void dimensionsAreThoseThatAreListed() throws IOException {
    assertThat(read("{\"matryoshka_dimensions\": [32, 256]}")).contains(List.of(32, 256));
    assertThat(read("{\"is_matryoshka\": true}")).contains(List.of());
    assertThat(read("{\"is_matryoshka\": true, \"matryoshka_dimensions\": [8]}"))
        .contains(List.of(8));
    assertThat(read("{}")).isEmpty();
    assertThat(read("{\"is_matryoshka\": false, \"matryoshka_dimensions\": null}")).isEmpty();
    assertThat(read("{\"matryoshka_dimensions\": []}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"64", "[0]", "[1.5]", "[\"64\"]", "{\"a\": 64}"})
  void otherTypesAreRefused(String value) {
    assertThatThrownBy(() -> read("{\"matryoshka_dimensions\": %s}".formatted(value)))
        .hasMessage(
            "Cannot read config.json: matryoshka_dimensions must be a list of positive integers,"
                + " found "
                + value.replace(": ", ":"));
  }

  @Test
  void anImportedModelSaysThem() throws IOException {
    Path checkpoint = TestCheckpoints.copy("bert-uncased", folder.resolve("checkpoint"));
    Path config = checkpoint.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replaceFirst("\\{", "{\"matryoshka_dimensions\": [8],"));
    assertThat(SentenceModelReader.read(new CheckpointFiles(checkpoint)).matryoshka())
        .contains(List.of(8));
    assertThat(
            TestCheckpoints.imported(
                    checkpoint,
                    folder.resolve("bundle"),
                    ElementType.FLOAT32,
                    ImportRequest.Overrides.NONE)
                .manifest()
                .matryoshkaDimensions())
        .containsExactly(8);
  }
}
