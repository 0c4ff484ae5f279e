package org.sparkgbert.convert;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.ImportRequest.Origin;
import org.sparkgbert.convert.hub.HubClient;
import org.sparkgbert.convert.hub.HubReference;
import org.sparkgbert.convert.hub.HubSettings;

/**
 * A model as users name it: a path on this machine, or an id of the Hub.
 *
 * @param text a Hub id such as {@code owner/name} or {@code owner/name@revision}, a checkpoint's
 *     directory, or an ONNX file
 * @param hub how to reach the Hub; used only if the model comes from there
 */
public record ModelSource(String text, Supplier<HubSettings> hub) {
  /**
   * Finds the model's files; those of the Hub are downloaded unless this machine has them.
   *
   * @param progress is told how many bytes were downloaded
   * @throws IllegalArgumentException if there is no such file and the text is no Hub id, or the Hub
   *     has no such model
   */
  public Origin find(Progress progress) {
    Path path = Path.of(text);
    if (Files.exists(path)) {
      String name = path.toAbsolutePath().normalize().getFileName().toString();
      return new Origin(path, name.replaceFirst("\\.onnx$", ""), name, "local", "");
    }
    HubReference reference =
        HubReference.parse(text)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot import model: there is no file '%s', and it is not a Hub id"
                            .formatted(text)));
    HubClient.Snapshot snapshot = download(reference, progress);
    return new Origin(
        snapshot.directory(),
        reference.name(),
        reference.id(),
        snapshot.commit(),
        snapshot.card().licence().orElse(""));
  }

  private HubClient.Snapshot download(HubReference reference, Progress progress) {
    HubClient client = new HubClient(hub.get());
    progress.begin("download model");
    try {
      return client.download(reference, new DownloadStage(progress));
    } finally {
      progress.end();
    }
  }
}
