package org.sparkgbert.convert.hub;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Hub on loopback that serves one model, {@value #ID}. Scripted answers go before its own. Owns
 * its server and its threads.
 */
public final class FakeHub implements AutoCloseable {
  /** The model that it serves. */
  public static final String ID = "owner/model";

  /** The only commit. */
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, ObjectNode> siblings = new TreeMap<>();
  private final Map<String, Deque<HttpHandler>> scripts = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ObjectNode api = JSON.createObjectNode();

  /** What a client asked; header values are null where there were none. */
  public record Request(String method, String path, String range, String authorization) {}

  /** Starts it on a free port. */
  public FakeHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    api.put("id", ID).put("sha", COMMIT);
  }

  /** Its address. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Adds a file that git itself holds. */
  public FakeHub put(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    ObjectNode sibling = add(path, bytes);
    String header = "blob " + bytes.length + "\0";
    sibling.put("blobId", hash("SHA-1", header.getBytes(StandardCharsets.US_ASCII), bytes));
    return this;
  }

  /** Adds a file of git's large file storage. */
  public FakeHub putLarge(String path, byte[] content) {
    ObjectNode sibling = add(path, content);
    sibling.put("blobId", "f".repeat(40));
    ObjectNode lfs = sibling.putObject("lfs");
    lfs.put("sha256", hash("SHA-256", content)).put("size", content.length).put("pointerSize", 134);
    return this;
  }

  private ObjectNode add(String path, byte[] content) {
    files.put(path, content);
    ObjectNode sibling = JSON.createObjectNode().put("rfilename", path);
    siblings.put(path, sibling.put("size", content.length));
    return sibling;
  }

  FakeHub remove(String path) {
    files.remove(path);
    siblings.remove(path);
    return this;
  }

  /** What the API says of a file, to be changed. */
  ObjectNode sibling(String path) {
    return siblings.get(path);
  }

  /** What the API says of the model, to be changed. */
  ObjectNode api() {
    return api;
  }

  /** Answers the next requests whose path ends so, one handler a request. */
  FakeHub script(String pathEnd, HttpHandler... handlers) {
    scripts.computeIfAbsent(pathEnd, key -> new ArrayDeque<>()).addAll(List.of(handlers));
    return this;
  }

  /** What was asked so far. */
  public List<Request> requests() {
    return requests;
  }

  /** Requests for a file's content. */
  List<Request> requestsOf(String file) {
    return requests.stream().filter(r -> r.path().endsWith("/" + file)).toList();
  }

  /** Names of the files that were asked for, each once. */
  List<String> filesAskedFor() {
    String before = "/resolve/" + COMMIT + "/";
    return requests.stream()
        .map(Request::path)
        .filter(path -> path.contains(before))
        .map(path -> path.substring(path.indexOf(before) + before.length()))
        .distinct()
        .sorted()
        .toList();
  }

  byte[] content(String file) {
    return files.get(file);
  }

  /** Serves a file as the Hub does, by parts too. */
  void serve(HttpExchange exchange, String file) throws IOException {
    byte[] content = files.get(file);
    if (content == null) {
      FakeAnswers.status(404).handle(exchange);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    if (from > 0) {
      String part = "bytes %d-%d/%d".formatted(from, content.length - 1, content.length);
      exchange.getResponseHeaders().set("Content-Range", part);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, lengthHeader(content.length - from));
    exchange.getResponseBody().write(content, from, content.length - from);
  }

  /** The server takes 0 for "unknown" and -1 for "empty". */
  static long lengthHeader(int length) {
    return length == 0 ? -1 : length;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            path,
            exchange.getRequestHeaders().getFirst("Range"),
            exchange.getRequestHeaders().getFirst("Authorization")));
    try (exchange) {
      handlerOf(path).handle(exchange);
    } catch (IOException clientWent) {
      // A client may hang up at any time.
    }
  }

  private HttpHandler handlerOf(String path) {
    for (Map.Entry<String, Deque<HttpHandler>> script : scripts.entrySet()) {
      if (path.endsWith(script.getKey())) {
        synchronized (script.getValue()) {
          if (!script.getValue().isEmpty()) {
            return script.getValue().poll();
          }
        }
      }
    }
    if (path.startsWith("/api/models/" + ID + "/revision/")) {
      return FakeAnswers.json(description());
    }
    String before = "/" + ID + "/resolve/" + COMMIT + "/";
    String file = path.startsWith(before) ? path.substring(before.length()) : "none";
    return exchange -> serve(exchange, file);
  }

  private String description() {
    ObjectNode answer = api.deepCopy();
    if (!answer.has("siblings")) {
      ArrayNode all = answer.putArray("siblings");
      siblings.values().forEach(all::add);
    }
    return answer.toString();
  }

  private static String hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
