package org.sparkgbert.convert.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.sparkgbert.convert.hub.RemoteFile.ContentHash;
import org.sparkgbert.convert.hub.RetryPolicy.RetryableException;

/**
 * Downloads the content of one file into the cache: into a file {@code BLOB.incomplete} that later
 * tries and later runs continue, verified and renamed when it is complete.
 */
final class BlobDownload {
  private final String what;
  private final RemoteFile file;
  private final URI address;
  private final Path blob;
  private final Path partial;
  private final HubHttp http;
  private final LongConsumer received;

  /**
   * @param what names the file in messages
   * @param blob where the content goes
   * @param received is told how many bytes arrived, as {@link DownloadListener#received} is
   */
  BlobDownload(
      String what, RemoteFile file, URI address, Path blob, HubHttp http, LongConsumer received) {
    this.what = what;
    this.file = file;
    this.address = address;
    this.blob = blob;
    this.partial = blob.resolveSibling(blob.getFileName() + ".incomplete");
    this.http = http;
    this.received = received;
  }

  /**
   * Downloads, resumes after interruptions, and verifies.
   *
   * @throws HubException if what arrives is not what the Hub describes; it is deleted then
   */
  void run(RetryPolicy retries, DownloadListener listener) {
    try {
      Files.createDirectories(blob.getParent());
      if (kept() > file.size()) {
        Files.delete(partial);
      }
      received.accept(kept());
      retries.run(what, listener, this::kept, this::goOn);
      verify();
      Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep %s: %s".formatted(what, e), e);
    }
  }

  private Void goOn() throws RetryableException, IOException, InterruptedException {
    long from = kept();
    if (from == file.size() && Files.exists(partial)) {
      return null;
    }
    try (HubResponse response = http.get(what, address, from)) {
      if (response.status() == 200) {
        startOver();
        write(response, 0);
      } else if (from > 0 && response.rangeStart().equals(OptionalLong.of(from))) {
        write(response, from);
      } else {
        startOver();
        throw RetryableException.of("HTTP " + response.status() + " for a part of it");
      }
    }
    return null;
  }

  private void write(HubResponse response, long from)
      throws RetryableException, IOException, InterruptedException {
    OptionalLong length = response.length();
    if (length.isPresent() && from + length.getAsLong() != file.size()) {
      throw damaged(file.size() + " bytes", (from + length.getAsLong()) + " bytes");
    }
    long written = from;
    try (FileChannel out =
        FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.position(from);
      for (var piece = response.body().next(); piece.isPresent(); piece = response.body().next()) {
        for (ByteBuffer bytes : piece.get()) {
          written += write(bytes, out, file.size() - written);
        }
      }
    }
    if (written < file.size()) {
      throw RetryableException.of("an end after %d of %d bytes".formatted(written, file.size()));
    }
  }

  private int write(ByteBuffer bytes, FileChannel out, long room) throws IOException {
    int count = bytes.remaining();
    if (count > room) {
      throw damaged(file.size() + " bytes", "more");
    }
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
    received.accept(count);
    return count;
  }

  private void verify() throws IOException {
    if (file.hash().isPresent()) {
      ContentHash expected = file.hash().get();
      ContentHash found = expected.of(partial);
      if (!found.equals(expected)) {
        throw damaged(expected.toString(), found.hex());
      }
    }
  }

  private HubException damaged(String expected, String found) throws IOException {
    Files.deleteIfExists(partial);
    return new HubException(
        "Cannot download %s: it is damaged, expected %s, found %s"
            .formatted(what, expected, found));
  }

  private void startOver() throws IOException {
    long dropped = kept();
    if (dropped > 0) {
      Files.delete(partial);
      received.accept(-dropped);
    }
  }

  /** Bytes that are already in the file. */
  private long kept() {
    try {
      return Files.isRegularFile(partial) ? Files.size(partial) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + partial + ": " + e, e);
    }
  }
}
