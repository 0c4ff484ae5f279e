package org.sparkgbert.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.encode.EncoderOptions;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceOptions;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.DeviceSettings.ArenaGrowth;
import org.sparkgbert.tokenize.LongText;
import org.sparkgbert.tokenize.TextCleaner;
import org.sparkgbert.tokenize.TextOptions;
import org.sparkgbert.tokenize.UnicodeForm;

class SentenceEmbedderParamsTest {
  @TempDir Path folder;

  /** Every Param has another value than its default. */
  private static SentenceEmbedder changed() {
    return TinyBert.embedder()
        .set(EmbedderOptions.MODEL_CACHE, "/somewhere")
        .setInputCol("satz")
        .setOutputCol("vektor")
        .set(TextOptions.NORMALIZE_UNICODE, UnicodeForm.NONE)
        .set(TextOptions.MAX_CHARACTERS, 1000)
        .set(EncoderOptions.MAX_SEQ_LENGTH, 64)
        .set(TextOptions.LONG_TEXT, LongText.CHUNKS)
        .set(EncoderOptions.NORMALIZE, true)
        .set(EncoderOptions.DIMENSIONS, 16)
        .set(EncoderOptions.TOKEN_BUDGET, 500)
        .set(EncoderOptions.WINDOW_ROWS, 10)
        .set(EncoderOptions.DEDUPE, false)
        .set(DeviceOptions.THREADS, 3)
        .set(DeviceOptions.GPU_MEMORY_LIMIT, 1L << 33)
        .set(DeviceOptions.GPU_ARENA, ArenaGrowth.NEXT_POWER_OF_TWO);
  }

  @Test
  void defaultsAreThoseOfTheEncoder() {
    SentenceEmbedder embedder = new SentenceEmbedder();
    assertThat(embedder.encoderSettings(3)).isEqualTo(EncoderSettings.on(DeviceSettings.auto(3)));
    assertThat(embedder.modelReference()).isEqualTo(new ModelReference("default", ""));
    assertThat(embedder.columns()).isEqualTo(new EmbeddingColumns("embedding"));
    assertThat(embedder.getOrDefault(embedder.inputCol())).isEqualTo("text");
  }

  @Test
  void everyParamReachesTheEncoder() {
    assertThat(changed().encoderSettings(7))
        .isEqualTo(
            new EncoderSettings(
                new TextCleaner(UnicodeForm.NONE, 1000),
                64,
                LongText.CHUNKS,
                true,
                16,
                500,
                10,
                EncoderSettings.WINDOW_CHARACTERS,
                false,
                new DeviceSettings(
                    DeviceChoice.CPU, 3, "0", 1L << 33, ArenaGrowth.NEXT_POWER_OF_TWO)));
    assertThat(changed().modelReference())
        .isEqualTo(new ModelReference(TinyBert.directory().toString(), "/somewhere"));
    assertThat(changed().columns().names())
        .containsExactly("vektor", "vektor_status", "vektor_tokens", "vektor_error");
  }

  @Test
  void everyParamHasADefaultAndAMeaning() {
    SentenceEmbedder embedder = new SentenceEmbedder();
    assertThat(embedder.params()).hasSize(17);
    assertThat(embedder.params())
        .allSatisfy(
            param -> {
              assertThat(embedder.hasDefault(param)).as(param.name()).isTrue();
              assertThat(param.doc()).as(param.name()).isNotBlank();
              assertThat(param.parent()).isEqualTo(embedder.uid());
            });
    assertThat(embedder.explainParams()).contains("tokenBudget: ", "default: 2048");
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    String path = folder.resolve("embedder").toString();
    SentenceEmbedder saved = changed();
    saved.write().overwrite().save(path);
    SentenceEmbedder loaded = SentenceEmbedder.load(path);
    assertThat(loaded.uid()).isEqualTo(saved.uid());
    for (Param<?> param : saved.params()) {
      assertThat(loaded.getOrDefault(loaded.getParam(param.name())))
          .as(param.name())
          .isEqualTo(saved.getOrDefault(param));
    }
    assertThat(loaded.encoderSettings(1)).isEqualTo(saved.encoderSettings(1));
    saved.write().overwrite().save(path);
  }

  @Test
  void aCopyHasExtraParamsAndLeavesTheOriginal() {
    SentenceEmbedder original = changed();
    SentenceEmbedder copy =
        original.copy(
            new ParamMap()
                .put(original.outputCol(), "v")
                .put(original.getParam("longText"), "cut"));
    assertThat(copy.uid()).isEqualTo(original.uid());
    assertThat(copy.columns().embedding()).isEqualTo("v");
    assertThat(copy.encoderSettings(1).longText()).isEqualTo(LongText.CUT);
    assertThat(copy.encoderSettings(1).tokenBudget()).isEqualTo(500);
    assertThat(original.columns().embedding()).isEqualTo("vektor");
    assertThat(original.encoderSettings(1).longText()).isEqualTo(LongText.CHUNKS);
  }

  @Test
  void transformTakesExtraParams() {
    SentenceEmbedder embedder = TinyBert.embedder();
    Dataset<Row> rows =
        embedder.transform(
            TestSpark.texts(List.of("Hallo"), 1), new ParamMap().put(embedder.outputCol(), "v"));
    assertThat(rows.columns())
        .containsExactly("id", "text", "v", "v_status", "v_tokens", "v_error");
  }

  private record Wrong(String param, String value, UnaryOperator<SentenceEmbedder> setting) {
    @Override
    public String toString() {
      return param + " " + value;
    }
  }

  private static SentenceEmbedder with(SentenceEmbedder embedder, String param, String value) {
    embedder.set(embedder.getParam(param), value);
    return embedder;
  }

  static Stream<Wrong> wrong() {
    return Stream.of(
        new Wrong("maxCharacters", "0", embedder -> embedder.set(TextOptions.MAX_CHARACTERS, 0)),
        new Wrong(
            "maxSeqLength", "-1", embedder -> embedder.set(EncoderOptions.MAX_SEQ_LENGTH, -1)),
        new Wrong("tokenBudget", "-1", embedder -> embedder.set(EncoderOptions.TOKEN_BUDGET, -1)),
        new Wrong("windowRows", "0", embedder -> embedder.set(EncoderOptions.WINDOW_ROWS, 0)),
        new Wrong("threads", "-1", embedder -> embedder.set(DeviceOptions.THREADS, -1)),
        new Wrong(
            "gpuMemoryLimit", "-1", embedder -> embedder.set(DeviceOptions.GPU_MEMORY_LIMIT, -1L)),
        new Wrong("normalizeUnicode", "nfd", embedder -> with(embedder, "normalizeUnicode", "nfd")),
        new Wrong("longText", "CUT", embedder -> with(embedder, "longText", "CUT")),
        new Wrong("device", "tpu", embedder -> with(embedder, "device", "tpu")),
        new Wrong("gpuArena", "big", embedder -> with(embedder, "gpuArena", "big")));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aValueOutOfRangeIsRefusedWhenItIsSet(Wrong wrong) {
    assertThatThrownBy(() -> wrong.setting().apply(new SentenceEmbedder()))
        .hasMessageContaining(wrong.param())
        .hasMessageContaining(wrong.value())
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void aMissingColumnIsRefusedAndTheOthersListed() {
    assertThatThrownBy(
            () -> TinyBert.embedder().setInputCol("body").transformSchema(TestSpark.ID_AND_TEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot embed column 'body': there is no such column, found [id, text]");
  }

  @Test
  void aColumnThatIsNoStringIsRefused() {
    assertThatThrownBy(
            () -> TinyBert.embedder().setInputCol("id").transformSchema(TestSpark.ID_AND_TEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot embed column 'id': it must be a string, found int");
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedding", "EMBEDDING_status", "embedding_tokens", "embedding_error"})
  void aColumnOfAnEmbeddingsNameIsRefused(String name) {
    StructType schema = TestSpark.ID_AND_TEXT.add(name, DataTypes.StringType);
    assertThatThrownBy(() -> TinyBert.embedder().transformSchema(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot add column ")
        .hasMessageContaining("the input already has one; choose another name")
        .satisfies(e -> assertThat(e.getMessage()).containsIgnoringCase(name));
  }

  @Test
  void moreTokensThanTheModelReadsAreRefusedBeforeAnyRowIsRead() {
    assertThatThrownBy(
            () ->
                TinyBert.embedder()
                    .set(EncoderOptions.MAX_SEQ_LENGTH, 129)
                    .transformSchema(TestSpark.ID_AND_TEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot encode: max sequence length must be at most 128, the limit of tiny-bert, found 129");
  }

  @Test
  void transformRefusesWhatTransformSchemaRefuses() {
    Dataset<Row> texts = TestSpark.texts(List.of("Hallo"), 1);
    assertThatThrownBy(() -> TinyBert.embedder().setInputCol("body").transform(texts))
        .hasMessageContaining("there is no such column");
    assertThatThrownBy(() -> TinyBert.embedder().setModel("/nowhere").transform(texts))
        .hasMessage("Cannot open bundle /nowhere: it needs a bundle.json, found no directory");
  }

  @Test
  void paramNamesAreThoseOfTheirMethods() {
    assertThat(Arrays.stream(new SentenceEmbedder().params()).map(Param::name))
        .containsExactlyInAnyOrder(
            "model",
            "modelCache",
            "inputCol",
            "outputCol",
            "normalizeUnicode",
            "maxCharacters",
            "maxSeqLength",
            "longText",
            "normalize",
            "dimensions",
            "tokenBudget",
            "windowRows",
            "dedupe",
            "device",
            "threads",
            "gpuMemoryLimit",
            "gpuArena");
  }
}
