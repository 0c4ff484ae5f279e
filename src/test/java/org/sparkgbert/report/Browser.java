package org.sparkgbert.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Chromium without a window. */
final class Browser {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  private static final String PHONE =
      """
      <!doctype html><iframe src="page.html" style="width: 390px; height: 844px; border: 0"></iframe>
      <script>
      document.querySelector('iframe').onload = ({ target }) => setTimeout(() =>
        document.documentElement.replaceWith(
          document.importNode(target.contentDocument.documentElement, true)), 2000);
      </script>
      """;

  private final Path program;
  private final Path workDirectory;

  private Browser(Path program, Path workDirectory) {
    this.program = program;
    this.workDirectory = workDirectory;
  }

  /** The browser that {@code CHROME_BIN} names, or else the first one on the path. */
  static Optional<Browser> find(Path workDirectory) {
    Stream<Path> named = Stream.ofNullable(System.getenv("CHROME_BIN")).map(Path::of);
    Stream<Path> onPath =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(directory -> !directory.isEmpty())
            .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
    return Stream.concat(named, onPath)
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Browser(program, workDirectory));
  }

  /**
   * The page's elements after its scripts ran, on a screen of a phone's width. Windows are never so
   * narrow, so a frame is; at the end the page takes the place of what is around it.
   */
  String elementsOf(String html) throws IOException, InterruptedException {
    Files.writeString(workDirectory.resolve("page.html"), html);
    Path page = Files.writeString(workDirectory.resolve("phone.html"), PHONE);
    Path elements = workDirectory.resolve("elements.html");
    Process process =
        new ProcessBuilder(command(page))
            .redirectOutput(elements.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("Cannot read the page: the browser did not end");
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(elements, StandardCharsets.UTF_8);
  }

  private List<String> command(Path page) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--headless"));
    command.addAll(List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"));
    command.addAll(List.of("--disable-background-networking", "--disable-component-update"));
    command.addAll(List.of("--disable-sync", "--user-data-dir=" + workDirectory.resolve("user")));
    command.addAll(
        List.of("--allow-file-access-from-files", "--virtual-time-budget=5000", "--dump-dom"));
    command.add(page.toUri().toString());
    return command;
  }
}
