package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fake Hub with a small model, a cache, and a client whose waits take no time. Owns the Hub. */
final class HubBench implements AutoCloseable {
  static final HubReference MODEL = HubReference.parse(FakeHub.ID).orElseThrow();
  static final String TOKEN = "hf_abcdefghijklmnop";
  static final String WEIGHTS = "model.safetensors";
  static final String POOLING = "{\"pooling_mode_mean_tokens\": true}";
  static final String MODULES =
      """
      [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
       {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
       {"idx": 2, "name": "2", "path": "2_Normalize",
        "type": "sentence_transformers.models.Normalize"}]
      """;
  static final List<String> NEEDED =
      List.of("1_Pooling/config.json", "config.json", WEIGHTS, "modules.json", "tokenizer.json");

  final FakeHub hub = new FakeHub();
  final RecordingListener listener = new RecordingListener();
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  private final Path cache;
  private Duration silence = Duration.ofSeconds(20);
  private boolean offline;
  private Optional<HubSettings.Token> token = Optional.of(new HubSettings.Token(TOKEN));

  HubBench(Path cache) throws IOException {
    this.cache = cache;
    hub.put("config.json", "{\"model_type\": \"bert\"}")
        .put("tokenizer.json", "{\"version\": \"1.0\"}")
        .put("modules.json", MODULES)
        .put("1_Pooling/config.json", POOLING)
        .putLarge(WEIGHTS, bytes(300_000, 1));
  }

  static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  HubBench silence(Duration time) {
    silence = time;
    return this;
  }

  HubBench offline() {
    offline = true;
    return this;
  }

  HubBench withoutToken() {
    token = Optional.empty();
    return this;
  }

  HubClient.Snapshot download() {
    return download(MODEL);
  }

  HubClient.Snapshot download(HubReference model) {
    return client().download(model, listener);
  }

  HubClient client() {
    return new HubClient(new HubSettings(hub.uri(), token, cache, offline), policy());
  }

  private RetryPolicy policy() {
    Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    return new RetryPolicy(4, Duration.ofSeconds(10), silence, waits::add, clock, () -> 0.5);
  }

  /** The model's part of the cache. */
  Path root() {
    return cache.resolve("models--owner--model");
  }

  /** Where the weights lie once they are complete. */
  Path weightsBlob() {
    return root()
        .resolve("blobs")
        .resolve(hub.sibling(WEIGHTS).path("lfs").path("sha256").asText());
  }

  /** Where the weights lie before. */
  Path weightsPartial() {
    return weightsBlob().resolveSibling(weightsBlob().getFileName() + ".incomplete");
  }

  byte[] weights() {
    return hub.content(WEIGHTS);
  }

  @Override
  public void close() {
    hub.close();
  }
}
