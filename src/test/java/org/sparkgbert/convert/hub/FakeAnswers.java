package org.sparkgbert.convert.hub;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** What a server may answer, well or badly. */
final class FakeAnswers {
  private FakeAnswers() {}

  static HttpHandler json(String text) {
    return text(200, "application/json", text);
  }

  static HttpHandler text(int status, String type, String text) {
    return exchange -> {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, FakeHub.lengthHeader(bytes.length));
      exchange.getResponseBody().write(bytes);
    };
  }

  static HttpHandler status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  /** A status with one header. */
  static HttpHandler status(int status, String header, String value) {
    return exchange -> {
      exchange.getResponseHeaders().set(header, value);
      exchange.sendResponseHeaders(status, -1);
    };
  }

  static HttpHandler redirect(Object location) {
    return status(302, "Location", location.toString());
  }

  /** A content from its start, whatever the range, under the length that is announced. */
  static HttpHandler content(byte[] content, int announced, int sent) {
    return exchange -> {
      exchange.sendResponseHeaders(200, announced);
      send(exchange.getResponseBody(), content, 0, sent);
    };
  }

  /** A part of a content, cut off after some bytes. */
  static HttpHandler part(byte[] content, int from, int sent) {
    return exchange -> {
      String range = "bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
      exchange.getResponseHeaders().set("Content-Range", range);
      exchange.sendResponseHeaders(206, content.length - from);
      send(exchange.getResponseBody(), content, from, sent);
    };
  }

  /** A content without an announced length. */
  static HttpHandler chunked(byte[] content, int sent) {
    return content(content, 0, sent);
  }

  /** Some bytes, then nothing more until the latch opens. */
  static HttpHandler silent(byte[] content, int sent, CountDownLatch end) {
    return exchange -> {
      exchange.sendResponseHeaders(200, content.length);
      send(exchange.getResponseBody(), content, 0, sent);
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private static void send(OutputStream out, byte[] content, int from, int count)
      throws IOException {
    out.write(content, from, count);
    out.flush();
  }
}
