package org.sparkgbert.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.sparkgbert.convert.checkpoint.SafetensorsWriter;
import org.sparkgbert.files.Directories;
import org.sparkgbert.files.Json;
import org.sparkgbert.train.TrainSettings.Start;
import org.sparkgbert.train.torch.EncoderTrainer;
import org.sparkgbert.train.torch.WeightSource;

/**
 * What an interrupted training needs to continue, in the hidden directory {@code .NAME.training}
 * beside the output: the settings that it began with, what was saved last, and the best weights so
 * far. What is being written has a name that ends with {@code .part}.
 *
 * <p><b>Ownership:</b> for whoever holds the output's name.
 */
final class TrainingState {
  private static final String SETTINGS = "settings.json";
  private static final String SAVED = "saved-";
  private static final String BEST = "best-";
  private static final String PART = ".part";
  private static final String CURVE = "curve.json";
  private static final String TRAINER = "trainer.bin";
  private static final String WEIGHTS = "model.safetensors";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path directory;
  private final Path output;

  private TrainingState(Path output) {
    Path absolute = output.toAbsolutePath().normalize();
    this.output = output;
    this.directory = absolute.resolveSibling("." + absolute.getFileName() + ".training");
  }

  /** The state of a training that writes this output. */
  static TrainingState of(Path output) {
    return new TrainingState(output);
  }

  /**
   * Begins a training, or finds what another run left of it.
   *
   * @param settings all that the result depends on, by its name for users
   * @param start what happens to what another run left
   * @return how far the other run came; empty for a training that begins
   * @throws IllegalArgumentException if that run had other settings, or there is none and must be
   */
  Optional<Curve> begin(Map<String, String> settings, Start start) {
    try {
      if (start == Start.ANEW) {
        Directories.delete(directory);
      }
      boolean isSaved = Files.exists(directory.resolve(SETTINGS)) && last().isPresent();
      if (!isSaved && start == Start.RESUME) {
        throw new IllegalArgumentException(
            "Cannot continue training %s: no interrupted run left its state, found nothing saved in %s; leave out --resume"
                .formatted(output, directory));
      }
      if (!isSaved) {
        Directories.delete(directory);
        Files.createDirectories(directory);
        writeWhole(directory.resolve(SETTINGS), Json.text(settings));
        return Optional.empty();
      }
      requireSame(settings);
      return last().map(this::curve);
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private Curve curve(Path saved) {
    Curve curve = read(saved.resolve(CURVE), new TypeReference<Curve>() {});
    Path best = best(curve.best().step()).resolve(WEIGHTS);
    if (curve.best().step() > 0 && !Files.exists(best)) {
      throw new IllegalArgumentException(
          "Cannot continue training %s: its best weights so far are gone, found no %s; use --restart to begin anew"
              .formatted(output, best));
    }
    return curve;
  }

  private void requireSame(Map<String, String> settings) {
    Map<String, String> before =
        read(directory.resolve(SETTINGS), new TypeReference<LinkedHashMap<String, String>>() {});
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String other = before.getOrDefault(setting.getKey(), "");
      if (!other.equals(setting.getValue())) {
        throw new IllegalArgumentException(
            "Cannot continue training %s: it began with %s %s, found %s; use the settings that it began with, or --restart to begin anew"
                .formatted(output, setting.getKey(), shown(other), shown(setting.getValue())));
      }
    }
  }

  private static String shown(String value) {
    return value.isEmpty() ? "not set" : value;
  }

  /** Reads what the last saving left into a trainer that was opened with the same settings. */
  void restore(EncoderTrainer trainer) {
    Path saved = last().orElseThrow().resolve(TRAINER);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(saved))) {
      trainer.readState(in);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot continue training %s from %s: %s; use --restart to begin anew"
              .formatted(output, saved, e.getMessage()),
          e);
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Saves how far training is; a run that is killed meanwhile leaves what was saved before. */
  void save(EncoderTrainer trainer, Curve curve) {
    Path saved = directory.resolve(SAVED + curve.steps());
    Path part = directory.resolve(SAVED + curve.steps() + PART);
    try {
      Directories.delete(part);
      Directories.delete(saved);
      Files.createDirectories(part);
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(part.resolve(TRAINER)))) {
        trainer.writeState(out);
      }
      Files.write(part.resolve(CURVE), JSON.writeValueAsBytes(curve));
      Files.move(part, saved, StandardCopyOption.ATOMIC_MOVE);
      deleteOthers(saved, best(curve.best().step()), Optional.empty());
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /** What was saved before refers to the best weights of its own time. */
  private void deleteOthers(Path saved, Path best, Optional<Path> bestThen) throws IOException {
    for (Path each : inside()) {
      String name = each.getFileName().toString();
      boolean isOld = name.startsWith(SAVED) || name.startsWith(BEST);
      boolean isNeeded =
          each.equals(saved) || each.equals(best) || bestThen.filter(each::equals).isPresent();
      if (isOld && !isNeeded) {
        Directories.delete(each);
      }
    }
  }

  /**
   * Keeps the weights of a step, which are the best so far.
   *
   * @param shapes what is kept
   */
  void keepBest(long step, Map<String, long[]> shapes, WeightSource weights) {
    Path best = directory.resolve(BEST + step);
    Path part = directory.resolve(BEST + step + PART);
    try {
      Directories.delete(part);
      Directories.delete(best);
      Files.createDirectories(part);
      SafetensorsWriter.write(part.resolve(WEIGHTS), shapes, name -> weights.read(name).values());
      Files.move(part, best, StandardCopyOption.ATOMIC_MOVE);
      Optional<Path> saved = last();
      deleteOthers(
          saved.orElse(best), best, saved.map(this::curve).map(old -> best(old.best().step())));
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  /**
   * The directory with the weights of a step that was the best one, in {@code model.safetensors}.
   */
  Path best(long step) {
    return directory.resolve(BEST + step);
  }

  /** Removes what nothing can be continued from. */
  void deleteUnlessSaved() {
    if (Files.exists(directory) && last().isEmpty()) {
      delete();
    }
  }

  /** Removes all of it. */
  void delete() {
    Directories.deleteUnchecked(directory);
  }

  private Optional<Path> last() {
    return inside().stream()
        .filter(each -> each.getFileName().toString().matches(SAVED + "\\d+"))
        .max(Comparator.comparingLong(TrainingState::step));
  }

  private static long step(Path saved) {
    return Long.parseLong(saved.getFileName().toString().substring(SAVED.length()));
  }

  private List<Path> inside() {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(files.toList());
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  private static void writeWhole(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + PART);
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private <T> T read(Path file, TypeReference<T> type) {
    try {
      return JSON.readValue(Files.readAllBytes(file), type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "Cannot continue training %s: %s is damaged; use --restart to begin anew"
              .formatted(output, file),
          e);
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  private UncheckedIOException failed(String what, IOException e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return new UncheckedIOException(
        "Cannot %s the state of training in %s: %s".formatted(what, directory, reason), e);
  }
}
