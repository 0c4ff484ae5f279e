package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir Path home;

  @Test
  void defaultsAreThoseOfPython() {
    HubSettings settings = HubSettings.fromEnvironment(Map.of("HOME", home.toString()));

    assertThat(settings.endpoint()).hasToString("https://huggingface.co");
    assertThat(settings.token()).isEmpty();
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.offline()).isFalse();
  }

  @Test
  void theCacheFollowsItsVariables() {
    assertThat(cache(Map.of("XDG_CACHE_HOME", "/x"))).hasToString("/x/huggingface/hub");
    assertThat(cache(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"))).hasToString("/h/hub");
    assertThat(cache(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c"))).hasToString("/c");
    assertThat(cache(Map.of("HOME", "/u", "HF_HOME", "~/hf"))).hasToString("/u/hf/hub");
  }

  private static Path cache(Map<String, String> environment) {
    return HubSettings.fromEnvironment(environment).cache();
  }

  @Test
  void theTokenComesFromTheVariableBeforeTheFile() throws IOException {
    Files.writeString(home.resolve("token"), "hf_file\n");
    Files.writeString(home.resolve("other"), "hf_other");
    String hfHome = home.toString();

    assertThat(token(Map.of("HF_HOME", hfHome))).isEqualTo("hf_file");
    assertThat(token(Map.of("HF_HOME", hfHome, "HF_TOKEN_PATH", home.resolve("other").toString())))
        .isEqualTo("hf_other");
    assertThat(token(Map.of("HF_HOME", hfHome, "HF_TOKEN", " hf_variable ")))
        .isEqualTo("hf_variable");
    assertThat(token(Map.of("HF_HOME", hfHome, "HF_TOKEN", ""))).isEqualTo("hf_file");
  }

  private static String token(Map<String, String> environment) {
    return HubSettings.fromEnvironment(environment).token().orElseThrow().secret();
  }

  @Test
  void noTextShowsTheToken() {
    HubSettings settings =
        HubSettings.fromEnvironment(Map.of("HF_HOME", home.toString(), "HF_TOKEN", "hf_secret"));

    assertThat(settings.toString()).contains("Token[hidden]").doesNotContain("hf_secret");
    assertThatThrownBy(() -> new HubSettings.Token("hf_secret\r\nHost: x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use the Hub's token: it must be printable ASCII without blanks,"
                + " found other characters or none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "YES", "On"})
  void offlineIsOnByPythonsWords(String value) {
    assertThat(offline(value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "no", "", "2"})
  void offlineIsOffByOtherWords(String value) {
    assertThat(offline(value)).isFalse();
  }

  private boolean offline(String value) {
    return HubSettings.fromEnvironment(Map.of("HF_HOME", home.toString(), "HF_HUB_OFFLINE", value))
        .offline();
  }

  @Test
  void anEndpointMayHaveAPathAndSlashesAtItsEnd() {
    assertThat(endpoint("https://mirror.example:8443/hub//").endpoint())
        .hasToString("https://mirror.example:8443/hub");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://x",
        "huggingface.co",
        "https://",
        "https://h?x=1",
        "https://h#x",
        "https://u:p@h",
        "ht tp://u:p@h"
      })
  void otherEndpointsAreRefused(String text) {
    assertThatThrownBy(() -> endpoint(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use HF_ENDPOINT: it ")
        .hasMessageNotContaining("u:p");
  }

  private HubSettings endpoint(String text) {
    return HubSettings.fromEnvironment(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", text));
  }
}
