package org.sparkgbert.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sparkgbert.action.Amount;
import org.sparkgbert.files.Json;
import org.sparkgbert.model.Version;

/**
 * The card of a trained model: facts in YAML as the Hub reads them, then data, recipe and scores.
 *
 * @param model what was trained
 */
record ModelCardText(TrainedModel model) {
  private static final List<String> OF_DATA =
      List.of("--train", "--dev", "--where", "--dev-where", "--score-range", "--label-threshold");

  String text() {
    List<String> lines = new ArrayList<>();
    addFacts(lines);
    lines.add("# " + name());
    lines.add("");
    lines.add(
        "A sentence encoder, trained from %s with spark-gbert %s. It maps texts to vectors whose cosine says how similar the texts are."
            .formatted(code(model.base()), Version.CURRENT));
    lines.add("");
    lines.add(
        model.licence().isEmpty()
            ? "**Licence**: none was declared; ask whoever trained it, and see that of the base model and of the pairs."
            : "**Licence**: %s, as declared by whoever trained it."
                .formatted(code(model.licence())));
    addUse(lines);
    addScores(lines);
    addData(lines);
    addRecipe(lines);
    return String.join("\n", lines) + "\n";
  }

  private String name() {
    return model.output().toAbsolutePath().normalize().getFileName().toString();
  }

  private void addFacts(List<String> lines) {
    lines.add("---");
    if (!model.licence().isEmpty()) {
      lines.add("license: " + yaml(model.licence()));
    }
    lines.add("library_name: sentence-transformers");
    lines.add("pipeline_tag: sentence-similarity");
    lines.add("base_model: " + yaml(model.base()));
    lines.add("---");
    lines.add("");
  }

  /** JSON is YAML, so nothing in a name can be taken for something else. */
  private static String yaml(String text) {
    return text.matches("[\\w.+-]+(/[\\w.+-]+)?") ? text : Json.text(text).strip();
  }

  private static String code(String text) {
    return "`" + text.replace('`', '\'').replaceAll("\\s+", " ") + "`";
  }

  private void addUse(List<String> lines) {
    lines.add("");
    lines.add("## Use");
    lines.add("");
    lines.add("```python");
    lines.add("from sentence_transformers import SentenceTransformer");
    lines.add(
        "vectors = SentenceTransformer(\"DIR\").encode([\"Der Hund bellt.\", \"Ein Hund bellt.\"])");
    lines.add("```");
    lines.add("");
    lines.add("With spark-gbert: `jobs/embed.sh --model DIR/bundle ...`");
  }

  private void addScores(List<String> lines) {
    lines.add("");
    lines.add("## Scores");
    lines.add("");
    lines.add(
        "Correlation of cosine and gold score on %s that were not learnt from, but chose the checkpoint."
            .formatted(Amount.of(model.pairs().dev(), "pair")));
    lines.add("");
    lines.add("| | Spearman | Pearson |");
    lines.add("| --- | --- | --- |");
    addScore(lines, "before training", model.curve().before());
    addScore(lines, "this model, step " + model.curve().best().step(), model.curve().best());
  }

  private static void addScore(List<String> lines, String name, DevScore score) {
    lines.add(
        "| %s | %s | %s |".formatted(name, number(score.spearman()), number(score.pearson())));
  }

  private static String number(Double value) {
    return value == null ? "undefined" : String.format(Locale.ROOT, "%.4f", value);
  }

  private void addData(List<String> lines) {
    lines.add("");
    lines.add("## Data");
    lines.add("");
    lines.add(
        "%s learnt from%s; %s left out without a sentence or a score."
            .formatted(
                Amount.of(model.pairs().train(), "pair"),
                model.pairs().similar() < model.pairs().train()
                    ? ", %,d of them similar".formatted(model.pairs().similar())
                    : "",
                Amount.of(model.pairs().skipped(), "row")));
    lines.add("");
    OF_DATA.forEach(setting -> addSetting(lines, setting));
  }

  private void addRecipe(List<String> lines) {
    lines.add("");
    lines.add("## Recipe");
    lines.add("");
    lines.add(
        "%s in %s on %s with PyTorch %s."
            .formatted(
                Amount.of(model.curve().steps(), "step"),
                Amount.time(Duration.ofMillis((long) (1e3 * model.curve().seconds()))),
                model.device(),
                model.pytorch()));
    lines.add("");
    model.settings().keySet().stream()
        .filter(setting -> !OF_DATA.contains(setting) && setting.startsWith("--"))
        .forEach(setting -> addSetting(lines, setting));
    model.notes().forEach(note -> lines.add("- " + note));
  }

  private void addSetting(List<String> lines, String setting) {
    String value = model.settings().getOrDefault(setting, "");
    if (!value.isEmpty()) {
      lines.add("- %s: %s".formatted(code(setting), code(value)));
    }
  }
}
