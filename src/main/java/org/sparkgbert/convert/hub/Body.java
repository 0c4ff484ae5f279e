package org.sparkgbert.convert.hub;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, pulled piece by piece so that a silent server is noticed. Owns its
 * connection until it is closed or read to its end.
 */
final class Body implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
  /** What the connection has brought: bytes, its end, or an error. */
  private record Piece(List<ByteBuffer> bytes, Throwable error) {
    static final Piece END = new Piece(null, null);
  }

  private final Duration silence;
  private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private volatile Flow.Subscription subscription;
  private volatile boolean closed;

  /**
   * @param silence longest wait for the next piece
   */
  Body(Duration silence) {
    this.silence = silence;
  }

  /**
   * The next bytes; empty at the end.
   *
   * @throws RetryableException if the connection breaks or stays silent
   */
  Optional<List<ByteBuffer>> next() throws RetryableException, InterruptedException {
    Piece piece = pieces.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw RetryableException.of("nothing came for " + silence.toMillis() / 1e3 + " s");
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
   * @throws RetryableException if the connection breaks or stays silent
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
    pieces.add(Piece.END);
  }

  /** Gives up what has not been read. */
  @Override
  public void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
