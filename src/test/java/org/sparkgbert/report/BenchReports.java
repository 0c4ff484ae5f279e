package org.sparkgbert.report;

import java.util.List;
import org.sparkgbert.bench.BenchResult;
import org.sparkgbert.bench.Comparison;
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

/** Results of the bench to make pages of. */
final class BenchReports {
  private BenchReports() {}

  /** Two models, every text hostile. */
  static BenchReport hostile() {
    ModelResult first = candidate(HostileTexts.SCRIPT, "float32", 1);
    ModelResult second = candidate(HostileTexts.IMAGE, "int8", 2.7);
    Comparison ratio =
        new Comparison(HostileTexts.IMAGE, HostileTexts.SCRIPT, 2, around(2.7), around(2.6));
    return new BenchReport(
        result(HostileTexts.QUOTES + HostileTexts.LONG_WORD, List.of(first, second), ratio));
  }

  /** Names as they are in earnest. */
  static BenchReport plain() {
    return new BenchReport(
        result(
            "jobs/bench.sh --shape gbert-large",
            List.of(
                candidate("gbert-large float32", "float32", 1),
                candidate("gbert-large int8", "int8", 2.7)),
            new Comparison("gbert-large int8", "gbert-large float32", 2, around(2.7), null)));
  }

  /** The encoder alone, on one core, in a precision without a limit, in one round. */
  static BenchReport least() {
    MedianAndRange once = MedianAndRange.of(100);
    ModelResult only =
        new ModelResult(
            "tiny",
            "tiny",
            null,
            null,
            "bfloat16",
            ModelShape.of(2, 32),
            new TextsUsed("stsb", 10, 200, 18, 35),
            new FlopPerToken(1e4, 1e3),
            List.of(),
            List.of(
                new EncoderRate(
                    1, once, once, once, null, 0, new EncoderRate.Stages(0, 0, 0, 0, 0))),
            List.of(),
            null,
            null,
            null);
    return new BenchReport(result("jobs/bench.sh", List.of(only)));
  }

  private static BenchResult result(
      String command, List<ModelResult> candidates, Comparison... comparisons) {
    Machine machine =
        new Machine("AMD EPYC", 2, 24_000_000_000L, "cpu", "Linux 6.8", "17.0.15", "1.28.0", "");
    return new BenchResult(
        "2026-03-01T12:34:56Z", command, "0.1.0", machine, 5, candidates, List.of(comparisons));
  }

  private static ModelResult candidate(String name, String precision, double speed) {
    return new ModelResult(
        name,
        name,
        "main",
        "sha256:f00d",
        precision,
        ModelShape.of(24, 1024),
        new TextsUsed("stsb", 2000, 36_000, 16, 34),
        new FlopPerToken(604e6, 2e6),
        List.of(
            limit("float32", 1, 88), limit("int8", 1, 350),
            limit("float32", 2, 172), limit("int8", 2, 690)),
        List.of(encoder(1, 80 * speed), encoder(2, 158.4 * speed)),
        List.of(job("local[1]", 1, 78 * speed), job("local[2]", 2, 155 * speed)),
        new ModelResult.CoresRatio(2, around(1.98), around(1.97)),
        new TaskMemory(4, around(2.0e9), around(2.3e9), around(1.15)),
        new CorpusEstimate(
            3_000_000_000L,
            262_144,
            300_000_000,
            54_000_000_000L,
            "job",
            2,
            12_345.67,
            24.69,
            11_059_200_000_000L));
  }

  private static Limit limit(String precision, int cores, double speed) {
    return new Limit(
        precision,
        cores,
        2048,
        around(speed),
        List.of(
            new Limit.Product("query, key, value", 1024, 3072, around(speed * 1.03)),
            new Limit.Product("attention output", 1024, 1024, around(speed * 0.96)),
            new Limit.Product("feed-forward, first", 1024, 4096, around(speed * 1.04)),
            new Limit.Product("feed-forward, second", 4096, 1024, around(speed * 0.97))));
  }

  private static EncoderRate encoder(int cores, double speed) {
    return new EncoderRate(
        cores,
        around(speed * 1.65),
        around(speed / 11),
        around(speed),
        around(0.921),
        0.013,
        new EncoderRate.Stages(0.4, 0.02, 58, 0.05, 0.6));
  }

  private static JobRate job(String master, int cores, double speed) {
    return new JobRate(
        master,
        cores,
        around(speed * 1.65),
        around(speed),
        around(0.978),
        around(11.3),
        around(94),
        master.equals("local[1]") ? null : around(2.1e9),
        new JobRate.Stages(0.5, 0.4, 0.02, 58, 0.05, 0.7));
  }

  private static MedianAndRange around(double value) {
    return MedianAndRange.of(value * 0.97, value, value * 1.02);
  }
}
