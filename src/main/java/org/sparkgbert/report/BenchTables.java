package org.sparkgbert.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.sparkgbert.bench.BenchResult;
import org.sparkgbert.bench.CorpusEstimate;
import org.sparkgbert.bench.EncoderRate;
import org.sparkgbert.bench.FlopPerToken;
import org.sparkgbert.bench.JobRate;
import org.sparkgbert.bench.Limit;
import org.sparkgbert.bench.Machine;
import org.sparkgbert.bench.MedianAndRange;
import org.sparkgbert.bench.ModelResult;
import org.sparkgbert.bench.ModelShape;
import org.sparkgbert.bench.TaskMemory;
import org.sparkgbert.bench.TextsUsed;

/** Everything that was measured, in tables that need no script. */
final class BenchTables {
  private final BenchResult result;

  BenchTables(BenchResult result) {
    this.result = result;
  }

  /** The machine and the command. */
  Map<String, String> machine() {
    Machine machine = result.machine();
    Map<String, String> words = new LinkedHashMap<>();
    words.put("Command", result.command());
    words.put("Date", result.date());
    words.put("Rounds", Numbers.count(result.rounds()) + ", after a warm-up round; alternating");
    words.put("CPU", machine.cpu() + ", " + Numbers.cores(machine.cores()));
    words.put(
        "Memory",
        machine.memoryBytes() == 0 ? "unknown" : Numbers.gigabytes(machine.memoryBytes()));
    words.put("Device", machine.device());
    words.put("System", machine.system());
    words.put("Java", machine.java());
    words.put("ONNX Runtime", machine.onnxruntime());
    words.put("Spark", machine.spark().isEmpty() ? "no job was measured" : machine.spark());
    words.put("Measured by", "spark-gbert " + result.version());
    return words;
  }

  /** Cold start and memory of all jobs; a sentence where none were measured. */
  String jobs() {
    MeasuredTable table = new MeasuredTable();
    for (ModelResult each : result.candidates()) {
      each.jobs().forEach(job -> addProcess(table.group(each.name() + ", " + job.master()), job));
      if (each.memory() != null) {
        addMemory(table.group(each.name() + ", concurrent tasks"), each.memory());
      }
    }
    return (table.isEmpty() ? "<p class=\"lead\">No job was measured.</p>" : table.html())
        + result.candidates().stream()
            .filter(each -> each.corpus() != null)
            .map(BenchTables::corpus)
            .collect(Collectors.joining());
  }

  private static String corpus(ModelResult found) {
    CorpusEstimate whole = found.corpus();
    return "<p dir=\"auto\">The whole corpus with %s: %s; %s; at the %s’s rate %s.</p>"
        .formatted(
            Html.escape(found.name()),
            whole.extent(),
            whole.size(),
            Html.escape(whole.rateOf()),
            whole.time());
  }

  private static void addProcess(MeasuredTable table, JobRate job) {
    table.row("Launch to first batch", job.coldStartSeconds(), BenchTables::seconds);
    table.row("Launch to end", job.seconds(), BenchTables::seconds);
    table.row("Peak resident memory", job.peakMemoryBytes(), Numbers::gigabytes);
  }

  private static void addMemory(MeasuredTable table, TaskMemory memory) {
    String tasks = Numbers.count(memory.tasks()) + " tasks";
    table.row("Peak resident memory, 1 task", memory.oneTaskBytes(), Numbers::gigabytes);
    table.row("Peak resident memory, " + tasks, memory.tasksBytes(), Numbers::gigabytes);
    table.row(tasks + " over 1", memory.ratio(), Numbers::measured);
  }

  private static String seconds(double value) {
    return Numbers.measured(value) + " s";
  }

  /** A table of rates for each model, and one of comparisons. */
  String all() {
    String rates = result.candidates().stream().map(this::rates).collect(Collectors.joining("\n"));
    return rates + comparisons();
  }

  private String rates(ModelResult found) {
    MeasuredTable table = new MeasuredTable();
    found.limits().forEach(limit -> addLimit(table, limit));
    found.encoder().forEach(rate -> addEncoder(table, rate));
    found.jobs().forEach(rate -> addJob(table, rate));
    if (found.coresRatio() != null) {
      table.group(Numbers.cores(found.coresRatio().cores()) + " over 1");
      table.row("Encoder alone", found.coresRatio().encoder(), Numbers::measured);
      table.row("Whole job", found.coresRatio().job(), Numbers::measured);
    }
    return "<h3 dir=\"auto\">%s</h3>\n%s\n%s"
        .formatted(
            Html.escape(found.name()), Html.definitions(model(found).entrySet()), table.html());
  }

  private static Map<String, String> model(ModelResult found) {
    ModelShape shape = found.shape();
    FlopPerToken flop = found.flopPerToken();
    TextsUsed texts = found.texts();
    Map<String, String> words = new LinkedHashMap<>();
    words.put("Model", "%s, %s".formatted(found.model(), found.precision()));
    words.put("Revision", found.revision());
    words.put("Bundle checksum", found.bundleChecksum());
    words.put(
        "Shape",
        "%s layers, hidden size %s, inner size %s"
            .formatted(
                Numbers.count(shape.layers()),
                Numbers.count(shape.hidden()),
                Numbers.count(shape.inner())));
    words.put(
        "Work",
        "%s MFLOP per token, %s of it in attention"
            .formatted(
                Numbers.measured(flop.sum() / 1e6),
                Numbers.percent(flop.attention() / flop.sum())));
    words.put(
        "Texts",
        "%s of %s, %s tokens; half have at most %s, 95 %% at most %s"
            .formatted(
                Numbers.count(texts.count()),
                texts.distribution(),
                Numbers.count(texts.tokens()),
                Numbers.count(texts.medianTokens()),
                Numbers.count(texts.percentile95Tokens())));
    return words;
  }

  private static void addLimit(MeasuredTable table, Limit limit) {
    table.group(
        "Limit, %s, %s: products of %s tokens"
            .formatted(
                limit.precision(), Numbers.cores(limit.cores()), Numbers.count(limit.rows())));
    table.row("All products, GFLOP/s", limit.gigaflops(), Numbers::measured);
    limit.products().forEach(each -> table.row(name(each), each.gigaflops(), Numbers::measured));
  }

  private static String name(Limit.Product product) {
    return "%s: %s to %s"
        .formatted(
            product.name(), Numbers.count(product.depth()), Numbers.count(product.columns()));
  }

  private static void addEncoder(MeasuredTable table, EncoderRate rate) {
    table.group("Encoder alone, " + Numbers.cores(rate.cores()));
    table.row("Sentences per second", rate.sentencesPerSecond(), Numbers::measured);
    table.row("Tokens per second", rate.tokensPerSecond(), Numbers::measured);
    table.row("GFLOP/s", rate.gigaflops(), Numbers::measured);
    table.row("Share of the limit", rate.shareOfLimit(), Numbers::percent);
    table.row("Share of padding", MedianAndRange.of(rate.paddingShare()), Numbers::percent);
  }

  private static void addJob(MeasuredTable table, JobRate rate) {
    table.group("Whole job, " + rate.master());
    table.row("Tokens per second", rate.tokensPerSecond(), Numbers::measured);
    table.row("GFLOP/s", rate.gigaflops(), Numbers::measured);
    table.row("Share of the encoder alone", rate.shareOfEncoder(), Numbers::percent);
  }

  private String comparisons() {
    MeasuredTable table = new MeasuredTable();
    DoubleFunction<String> times = Numbers::measured;
    result
        .comparisons()
        .forEach(
            each ->
                table
                    .group(
                        "%s over %s, %s"
                            .formatted(
                                each.candidate(), each.baseline(), Numbers.cores(each.cores())))
                    .row("Encoder alone", each.encoder(), times)
                    .row("Whole job", each.job(), times));
    return table.isEmpty() ? "" : "\n<h3>Against each other</h3>\n" + table.html();
  }
}
