package org.sparkgbert.job;

import java.util.List;
import java.util.Map;
import org.sparkgbert.action.Amount;
import org.sparkgbert.convert.ImportModel;
import org.sparkgbert.convert.ImportOptions;
import org.sparkgbert.convert.ImportSettings;
import org.sparkgbert.convert.KnownModel;
import org.sparkgbert.convert.hub.HubSettings;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.settings.Setting;
import org.sparkgbert.settings.SettingGroup;

/** Makes a bundle from a checkpoint, on the Hub or in a directory, or from an ONNX file. */
final class ImportModelJob implements Job {
  private static final Setting<Boolean> LIST =
      Setting.flag("list").meaning("List known German models and exit.");

  private static final String LISTED = "%-62s %9s  %-7s  %-13s  %s";

  private final Map<String, String> environment;

  ImportModelJob() {
    this(System.getenv());
  }

  ImportModelJob(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String name() {
    return "import-model";
  }

  @Override
  public String description() {
    return "Make a model bundle from a checkpoint or an ONNX file.";
  }

  @Override
  public List<SettingGroup> groups() {
    return List.of(
        new SettingGroup("Model", ImportOptions.ALL),
        new SettingGroup("Run", List.of(LIST, JobOptions.VERBOSE)));
  }

  @Override
  public String example() {
    return "intfloat/multilingual-e5-small --output models/e5-small";
  }

  @Override
  public boolean usesSpark() {
    return false;
  }

  @Override
  public int run(Invocation invocation) {
    if (invocation.settings().get(LIST)) {
      list(invocation.console());
      return Main.SUCCEEDED;
    }
    ImportSettings settings = ImportSettings.of(invocation.settings());
    ImportModel action = new ImportModel(settings, () -> HubSettings.fromEnvironment(environment));
    try (TerminalProgress progress = new TerminalProgress(invocation.console())) {
      print(settings, action.run(progress), invocation.console());
    }
    return Main.SUCCEEDED;
  }

  private static void list(Console console) {
    console.print(
        LISTED.formatted("model", "dimension", "pooling", "licence", "STSb-de test, Spearman"));
    for (KnownModel model : KnownModel.ALL) {
      String score = model.stsb().isEmpty() ? "-" : model.stsb() + " (" + model.source() + ")";
      console.print(
          LISTED.formatted(model.id(), model.dimension(), model.pooling(), model.licence(), score));
    }
  }

  private static void print(ImportSettings settings, Bundle bundle, Console console) {
    BundleManifest model = bundle.manifest();
    console.print("Bundle     " + settings.output());
    console.print("Model      %s, revision %s".formatted(model.name(), model.revision()));
    console.print(
        "Encoder    %s, %s, hidden size %d, %s"
            .formatted(
                model.architecture().family(),
                Amount.of(model.architecture().layers(), "layer"),
                model.architecture().hiddenSize(),
                model.precision()));
    console.print(
        "Embedding  %d dimensions, %s pooling%s, at most %d tokens%s"
            .formatted(
                model.dimension(),
                model.pooling(),
                model.normalize() ? ", unit length" : "",
                model.maxSeqLength(),
                model.prompt().isEmpty() ? "" : ", prompt '" + model.prompt() + "'"));
    String licence = model.licence() == null ? "" : model.licence();
    console.print(
        "Licence    " + (licence.isEmpty() ? "none declared: ask the model's authors" : licence));
    model.notes().forEach(note -> console.print("Note       " + note));
    console.print("Identity   sha256 " + bundle.identity());
    console.print("Checksum   sha256 " + bundle.checksum());
  }
}
