package org.sparkgbert.convert.hub;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Scheme, host and port of an address, which decide who may see a token.
 *
 * @param scheme {@code http} or {@code https}
 * @param host name or address in lower case
 * @param port never negative: the scheme's default if the address names none
 */
record WebOrigin(String scheme, String host, int port) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Whether an address is an http or https address of a host, without a password. */
  static boolean isWeb(URI address) {
    return address.getScheme() != null
        && Set.of("http", "https").contains(lower(address.getScheme()))
        && address.getHost() != null
        && address.getRawUserInfo() == null;
  }

  /** The origin of an address for which {@link #isWeb} holds. */
  static WebOrigin of(URI address) {
    String scheme = lower(address.getScheme());
    int standard = scheme.equals("https") ? 443 : 80;
    int port = address.getPort() < 0 ? standard : address.getPort();
    return new WebOrigin(scheme, lower(address.getHost()), port);
  }

  /**
   * Whether the Hub of this origin may redirect from one origin to another: not from https to http,
   * unless the Hub is on this machine.
   */
  boolean mayRedirect(WebOrigin from, WebOrigin to) {
    return isLoopback() || !from.scheme.equals("https") || to.scheme.equals("https");
  }

  boolean isLoopback() {
    return LOOPBACK.contains(host);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * As an address: the part that is safe to print, since signed addresses have secrets after it.
   */
  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port;
  }
}
