package org.sparkgbert.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.TestSpark;
import org.sparkgbert.action.Progress;
import org.sparkgbert.convert.RandomCheckpoint;

/**
 * A small checkpoint, small tables of pairs, and settings that train quickly.
 *
 * @param folder where they are
 */
record Toy(Path folder) {
  static final int TRAIN = 64;
  static final int DEV = 24;

  /** Writes all of it. */
  static Toy in(Path folder) throws IOException {
    RandomCheckpoint.write(
        RandomCheckpoint.Shape.parse("2,32,2,64,600,64"), folder.resolve("base"));
    ToyPairs.write(folder.resolve("train"), ToyPairs.rows(TRAIN, 1));
    ToyPairs.write(folder.resolve("dev"), ToyPairs.rows(DEV, 2));
    return new Toy(folder);
  }

  /** Settings by name, some of them replaced. */
  Map<String, String> settings(String output, String... others) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", folder.resolve("base").toString());
    settings.put("train", folder.resolve("train").toString());
    settings.put("dev", folder.resolve("dev").toString());
    settings.put("output", folder.resolve(output).toString());
    settings.put("score-range", "0,5");
    settings.put("loss", "cosine-similarity");
    settings.put("epochs", "2");
    settings.put("batch-size", "8");
    settings.put("learning-rate", "2e-3");
    settings.put("warmup-steps", "2");
    settings.put("evaluation-steps", "5");
    settings.put("save-steps", "3");
    settings.put("device", "cpu");
    for (int i = 0; i < others.length; i += 2) {
      settings.put(others[i], others[i + 1]);
    }
    return settings;
  }

  TrainedModel train(String output, String... others) {
    return train(Progress.NONE, output, others);
  }

  TrainedModel train(Progress progress, String output, String... others) {
    return new TrainEncoder(
            TrainSettings.of(settings(output, others)),
            () -> {
              throw new AssertionError("the Hub is not asked");
            },
            Optional.of(model -> "<p>page</p>"))
        .run(TestSpark.session(), progress);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** Whether anything hidden lies beside an output. */
  boolean hasState(String output) {
    return Files.exists(folder.resolve("." + output + ".training"));
  }
}
