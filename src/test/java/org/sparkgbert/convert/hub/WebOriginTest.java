package org.sparkgbert.convert.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class WebOriginTest {
  private static WebOrigin of(String address) {
    return WebOrigin.of(URI.create(address));
  }

  @Test
  void caseAndTheStandardPortDoNotMatter() {
    assertThat(of("HTTPS://Huggingface.CO/x")).isEqualTo(of("https://huggingface.co:443/y?z"));
  }

  @Test
  void schemeHostAndPortMatter() {
    WebOrigin hub = of("https://huggingface.co");

    assertThat(of("http://huggingface.co:443")).isNotEqualTo(hub);
    assertThat(of("https://cdn.huggingface.co")).isNotEqualTo(hub);
    assertThat(of("https://huggingface.co.evil.example")).isNotEqualTo(hub);
    assertThat(of("https://huggingface.co:8443")).isNotEqualTo(hub);
  }

  @Test
  void onlyLoopbackIsLoopback() {
    assertThat(of("http://127.0.0.1:1").isLoopback()).isTrue();
    assertThat(of("http://[::1]").isLoopback()).isTrue();
    assertThat(of("http://LOCALHOST").isLoopback()).isTrue();
    assertThat(of("http://localhost.example").isLoopback()).isFalse();
  }

  @Test
  void redirectsMayNotLeaveEncryption() {
    WebOrigin hub = of("https://huggingface.co");

    assertThat(hub.mayRedirect(hub, of("https://cdn.example"))).isTrue();
    assertThat(hub.mayRedirect(hub, of("http://cdn.example"))).isFalse();
    assertThat(hub.mayRedirect(hub, of("http://127.0.0.1"))).isFalse();
    assertThat(of("http://mirror").mayRedirect(of("http://mirror"), of("http://b"))).isTrue();
    assertThat(of("https://localhost").mayRedirect(of("https://localhost"), of("http://b")))
        .isTrue();
  }

  @Test
  void itsTextHasNoSecrets() {
    assertThat(of("https://cdn.example/file?signature=s3")).hasToString("https://cdn.example:443");
  }
}
