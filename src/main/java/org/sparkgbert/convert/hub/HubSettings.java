package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the Hub is, who uses it, and where downloads are stored: the environment variables of
 * huggingface_hub.
 *
 * <table>
 *   <caption>Environment variables</caption>
 *   <tr><td>{@code HF_ENDPOINT}</td><td>the Hub, default {@code https://huggingface.co}</td></tr>
 *   <tr><td>{@code HF_TOKEN}</td><td>the token; without it, the file that {@code HF_TOKEN_PATH}
 *       names, default {@code $HF_HOME/token}</td></tr>
 *   <tr><td>{@code HF_HOME}</td><td>default {@code $XDG_CACHE_HOME/huggingface}, that is {@code
 *       ~/.cache/huggingface}</td></tr>
 *   <tr><td>{@code HF_HUB_CACHE}</td><td>the cache, default {@code $HF_HOME/hub}</td></tr>
 *   <tr><td>{@code HF_HUB_OFFLINE}</td><td>{@code 1}, {@code true}, {@code yes} or {@code on}: only
 *       the cache is used</td></tr>
 * </table>
 *
 * @param endpoint the Hub's address, without a trailing slash
 * @param token what identifies the user, if anything
 * @param cache directory of all models
 * @param offline whether only the cache is used
 */
public record HubSettings(URI endpoint, Optional<Token> token, Path cache, boolean offline) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

  /**
   * A Hub user's secret. It appears in no message and not in {@link #toString}.
   *
   * @param secret the value in the Authorization header
   */
  public record Token(String secret) {
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

    /**
     * @throws IllegalArgumentException if it is empty or contains blanks, control characters or
     *     non-ASCII characters
     */
    public Token {
      if (!PRINTABLE.matcher(secret).matches()) {
        throw new IllegalArgumentException(
            "Cannot use the Hub's token: it must be printable ASCII without blanks,"
                + " found other characters or none");
      }
    }

    @Override
    public String toString() {
      return "Token[hidden]";
    }
  }

  /**
   * @throws IllegalArgumentException if the endpoint is not an http or https address of a host
   */
  public HubSettings {
    if (!WebOrigin.isWeb(endpoint) || endpoint.toString().matches(".*[?#].*")) {
      throw new IllegalArgumentException(
          "Cannot use HF_ENDPOINT: it must be http(s)://HOST[:PORT][/PATH], found '%s'"
              .formatted(withoutPassword(endpoint.toString())));
    }
  }

  /**
   * Reads the settings.
   *
   * @param environment such as {@link System#getenv()}
   * @throws IllegalArgumentException if a value cannot be used
   * @throws UncheckedIOException if the token's file exists and cannot be read
   */
  public static HubSettings fromEnvironment(Map<String, String> environment) {
    Environment values = new Environment(environment);
    Path caches = values.path("XDG_CACHE_HOME").orElse(values.home().resolve(".cache"));
    Path home = values.path("HF_HOME").orElse(caches.resolve("huggingface"));
    Path tokenFile = values.path("HF_TOKEN_PATH").orElse(home.resolve("token"));
    return new HubSettings(
        endpoint(values.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
        values.text("HF_TOKEN").or(() -> content(tokenFile)).map(Token::new),
        values.path("HF_HUB_CACHE").orElse(home.resolve("hub")),
        values.text("HF_HUB_OFFLINE").map(HubSettings::isTrue).orElse(false));
  }

  private static URI endpoint(String text) {
    try {
      return URI.create(text.replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot use HF_ENDPOINT: it is not an address, found '%s'"
              .formatted(withoutPassword(text)));
    }
  }

  private static String withoutPassword(String address) {
    return address.replaceAll("//.*@", "//...@");
  }

  private static Optional<String> content(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the Hub's token from " + file + ": " + e, e);
    }
  }

  private static boolean isTrue(String text) {
    return TRUE.contains(text.toLowerCase(Locale.ROOT));
  }

  /** Environment variables; blank ones count as unset. */
  private record Environment(Map<String, String> values) {
    Optional<String> text(String key) {
      return Optional.ofNullable(values.get(key)).map(String::strip).filter(s -> !s.isEmpty());
    }

    Optional<Path> path(String key) {
      return text(key)
          .map(s -> s.equals("~") || s.startsWith("~/") ? home() + s.substring(1) : s)
          .map(Path::of);
    }

    Path home() {
      return Path.of(text("HOME").orElse(System.getProperty("user.home")));
    }
  }
}
