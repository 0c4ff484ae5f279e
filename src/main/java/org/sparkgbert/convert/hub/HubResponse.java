package org.sparkgbert.convert.hub;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sparkgbert.convert.hub.RetryPolicy.RetryableException;

/**
 * A server's response. Owns its body: close it.
 *
 * @param address the requested address, after all redirects
 * @param status the HTTP status code
 * @param headers the response's headers
 * @param body the body, not yet read
 */
record HubResponse(URI address, int status, HttpHeaders headers, Body body)
    implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Pattern RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

  boolean isRedirect() {
    return REDIRECTS.contains(status);
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** Length of the body in bytes, if the server announces it. */
  OptionalLong length() {
    return number(header("Content-Length"));
  }

  /** Where partial content starts; empty if the content is not partial. */
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

  /**
   * The body of a response, read piece by piece so that a stalled server is noticed. Owns its
   * connection until it is closed or read to the end.
   */
  static final class Body implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    /** What arrived over the connection: bytes, its end, or an error. */
    private record Piece(List<ByteBuffer> bytes, Throwable error) {}

    private final Duration silence;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private volatile Flow.Subscription subscription;
    private volatile boolean closed;

    /**
     * @param silence maximum wait for the next piece
     */
    Body(Duration silence) {
      this.silence = silence;
    }

    /**
     * The next bytes; empty at the end.
     *
     * @throws RetryableException if the connection breaks or stalls
     */
    Optional<List<ByteBuffer>> next() throws RetryableException, InterruptedException {
      Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      if (piece == null) {
        throw RetryableException.of("no data for " + silence.toMillis() / 1e3 + " s");
      }
      if (piece.error() != null) {
        throw RetryableException.of(piece.error());
      }
      if (piece.bytes() != null) {
        subscription.request(1);
      }
      return Optional.ofNullable(piece.bytes());
    }

    /**
     * The whole body; empty if it is longer than the limit.
     *
     * @throws RetryableException if the connection breaks or stalls
     */
    Optional<byte[]> readAll(int limit) throws RetryableException, InterruptedException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (var piece = next(); piece.isPresent(); piece = next()) {
        for (ByteBuffer bytes : piece.get()) {
          if (bytes.remaining() > limit - all.size()) {
            return Optional.empty();
          }
          byte[] copy = new byte[bytes.remaining()];
          bytes.get(copy);
          all.writeBytes(copy);
        }
      }
      return Optional.of(all.toByteArray());
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      if (closed) {
        newSubscription.cancel();
      } else {
        newSubscription.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      pieces.add(new Piece(bytes, null));
    }

    @Override
    public void onError(Throwable error) {
      pieces.add(new Piece(null, error));
    }

    @Override
    public void onComplete() {
      pieces.add(new Piece(null, null));
    }

    /** Discards what has not been read. */
    @Override
    public void close() {
      closed = true;
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }
}
