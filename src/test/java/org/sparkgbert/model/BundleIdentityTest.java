package org.sparkgbert.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkgbert.TinyModel;

/** A model's identity is what changes its vectors: not a date, not a name. */
class BundleIdentityTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Values of the manifest that change vectors, each with another one. */
  private static final Map<String, Object> CHANGING =
      Map.of("dimension", 7, "max_seq_length", 64, "normalize", true, "prompt", "query: ");

  /**
   * Values that do not: pooling, precision and the operator set are what the graph's file says, and
   * the architecture describes it.
   */
  private static final Set<String> WORDS =
      Set.of(
          "architecture",
          "created",
          "description",
          "format_version",
          "licence",
          "matryoshka_dimensions",
          "name",
          "notes",
          "opset",
          "pooling",
          "precision",
          "query_prompt",
          "revision",
          "source",
          "tool_version");

  private static ObjectNode tiny() {
    try {
      return (ObjectNode)
          JSON.readTree(Files.readString(TinyModel.DIRECTORY.resolve(BundleManifest.FILE)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String identity(ObjectNode manifest) {
    return BundleManifest.parse(manifest.toString()).identity();
  }

  @Test
  void everyValueOfTheManifestIsKnownToChangeVectorsOrNot() {
    Set<String> known = new TreeSet<>(WORDS);
    known.addAll(CHANGING.keySet());
    known.add("files");
    List<String> values =
        Arrays.stream(BundleManifest.class.getRecordComponents())
            .map(value -> value.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
            .toList();
    assertThat(values).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void whatChangesVectorsChangesTheIdentity() {
    CHANGING.forEach(
        (name, value) ->
            assertThat(identity(tiny().putPOJO(name, value)))
                .as(name)
                .isNotEqualTo(identity(tiny())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "created",
        "description",
        "licence",
        "name",
        "pooling",
        "query_prompt",
        "revision",
        "source",
        "tool_version"
      })
  void wordsDoNotChangeIt(String name) {
    assertThat(identity(tiny().put(name, "other"))).isEqualTo(identity(tiny()));
    assertThat(identity(tiny().put("precision", "float16"))).isEqualTo(identity(tiny()));
    assertThat(identity(tiny().putPOJO("matryoshka_dimensions", List.of(4))))
        .isEqualTo(identity(tiny()));
  }

  @Test
  void otherFilesChangeItAndTheirOrderDoesNot() {
    ObjectNode manifest = tiny();
    manifest.withArray("files").add(manifest.withArray("files").remove(0));
    assertThat(identity(manifest)).isEqualTo(identity(tiny()));
    ((ObjectNode) manifest.withArray("files").get(0)).put("sha256", "0".repeat(64));
    assertThat(identity(manifest)).isNotEqualTo(identity(tiny()));
    manifest = tiny();
    ObjectNode more = manifest.withArray("files").addObject();
    more.put("name", "model.onnx.data").put("size", 1).put("sha256", "0".repeat(64));
    assertThat(identity(manifest)).isNotEqualTo(identity(tiny()));
  }

  @Test
  void theNetworkIsTheModelButForItsLimitAndPrompt() {
    String network = BundleManifest.parse(tiny().toString()).network();
    for (String name : List.of("max_seq_length", "prompt")) {
      String changed = tiny().putPOJO(name, CHANGING.get(name)).toString();
      assertThat(BundleManifest.parse(changed).network()).as(name).isEqualTo(network);
    }
  }
}
