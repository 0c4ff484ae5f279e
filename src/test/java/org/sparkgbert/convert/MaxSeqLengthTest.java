package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.convert.ImportRequest.Overrides;

/**
 * How many tokens of a text are read.
 *
 * <p><b>Source:</b> sentence-transformers 5.1, {@code models/Transformer.py}: what the module says,
 * else the smaller of the position table and the tokenizer's {@code model_max_length}. Beyond the
 * position table that library fails; here the table is the limit.
 */
class MaxSeqLengthTest {
  private static final String SAID = "no max_seq_length: that of tokenizer and position table";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    // module, tokenizer, expected, of 40 positions
    "16, 32, 16",
    "32, 16, 32",
    "100, 16, 40",
    "null, 16, 16",
    "null, 100, 40",
    "null, 1e30, 40",
    "null, null, 40",
    "-, 16, 16",
    "-, 1000000000000000019884624838656, 40",
    "-, -, 40",
  })
  void theModuleCountsMoreThanTheTokenizer(String module, String tokenizer, int expected) {
    Path checkpoint = checkpoint("dense", module, tokenizer);
    SentenceModel model = TestCheckpoints.read(checkpoint);
    assertThat(model.maxSeqLength()).isEqualTo(expected);
    boolean said = !module.equals("-") && !module.equals("null");
    assertThat(model.notes()).isEqualTo(said ? List.of() : List.of(SAID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentence_bert_config.json",
        "sentence_roberta_config.json",
        "sentence_distilbert_config.json",
        "sentence_camembert_config.json",
        "sentence_albert_config.json",
        "sentence_xlm-roberta_config.json",
        "sentence_xlnet_config.json"
      })
  void theModulesFileMayHaveItsOldNames(String file) {
    Path checkpoint = TestCheckpoints.copy("dense", folder.resolve("checkpoint"));
    TestCheckpoints.edit(checkpoint.resolve(file), json -> json.put("max_seq_length", 9));
    assertThat(TestCheckpoints.read(checkpoint).maxSeqLength()).isEqualTo(9);
  }

  @Test
  void positionsBeforeTheFirstTokenDoNotCount() {
    Path checkpoint = checkpoint("xlmr-unigram", "null", "null");
    assertThat(TestCheckpoints.read(checkpoint).encoder().shape().positions()).isEqualTo(42);
    assertThat(TestCheckpoints.read(checkpoint).maxSeqLength()).isEqualTo(40);
  }

  @Test
  void aLimitBelowOneIsRefused() {
    Path checkpoint = checkpoint("dense", "0", "-");
    assertThatThrownBy(() -> TestCheckpoints.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import model: max_seq_length must be positive, found 0");
  }

  @Test
  void aFractionIsNoLimit() {
    Path checkpoint = checkpoint("dense", "12.5", "-");
    assertThatThrownBy(() -> TestCheckpoints.read(checkpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot read sentence_bert_config.json: max_seq_length must be an integer, found 12.5");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 41})
  void aWishIsAtMostWhatTheModelCan(int wish) {
    Overrides overrides =
        new Overrides(Optional.empty(), Optional.of(wish), Optional.empty(), List.of(), false);
    assertThatThrownBy(() -> ModelImporter.maxSeqLength(overrides, 40))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot import model: max_seq_length must be from 1 to 40, found %d", wish);
  }

  private Path checkpoint(String name, String module, String tokenizer) {
    Path checkpoint = TestCheckpoints.copy(name, folder.resolve("checkpoint"));
    put(checkpoint.resolve("sentence_bert_config.json"), "max_seq_length", module);
    put(checkpoint.resolve("tokenizer_config.json"), "model_max_length", tokenizer);
    return checkpoint;
  }

  private static void put(Path file, String key, String number) {
    if (!number.equals("-")) {
      TestCheckpoints.edit(
          file,
          json -> {
            if (number.equals("null")) {
              json.putNull(key);
            } else {
              json.putRawValue(key, new RawValue(number));
            }
          });
    }
  }
}
