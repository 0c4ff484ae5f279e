package org.sparkgbert.convert.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answered. Owns its body: close it.
 *
 * @param address what was asked, after all redirects
 * @param status HTTP's status code
 * @param headers the answer's headers
 * @param body what follows them, not yet read
 */
record Answer(URI address, int status, HttpHeaders headers, Body body) implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

  boolean isRedirect() {
    return REDIRECTS.contains(status);
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** Length of the body in bytes, where the server announces it. */
  OptionalLong length() {
    return number(header("Content-Length"));
  }

  /** Where a partial content starts; empty if it is none. */
  OptionalLong rangeStart() {
    Matcher range = RANGE.matcher(header("Content-Range").orElse(""));
    return status == 206 && range.matches()
        ? number(Optional.of(range.group(1)))
        : OptionalLong.empty();
  }

  /** A header's number of bytes. */
  static OptionalLong number(Optional<String> header) {
    return header.filter(text -> text.matches("\\d{1,18}")).stream()
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  @Override
  public void close() {
    body.close();
  }
}
