package org.sparkgbert.tokenize;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.sparkgbert.comparison.SampleSentences;

/** Short texts to token ids with the default model's tokenizer: texts a second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SentenceTokenizerBenchmark {
  private static final int TEXTS = 256;
  private static final int MAX_SEQ_LENGTH = 512;

  private List<String> texts;
  private SentenceTokenizer tokenizer;

  /** Opens the tokenizer. */
  @Setup(Level.Trial)
  public void open() {
    texts = SampleSentences.read().subList(0, TEXTS);
    tokenizer =
        SentenceTokenizer.open(
            Path.of("target", "models", "default", "tokenizer.json"),
            new TextCleaner(UnicodeForm.NFC, 65_536),
            "query: ",
            MAX_SEQ_LENGTH,
            LongText.CUT);
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    tokenizer.close();
  }

  /** In one thread. */
  @Benchmark
  @OperationsPerInvocation(TEXTS)
  public void oneCore(Blackhole sink) {
    texts.forEach(text -> sink.consume(tokenizer.tokenize(text)));
  }

  /** In a thread a core, all with the one tokenizer. */
  @Benchmark
  @Threads(Threads.MAX)
  @OperationsPerInvocation(TEXTS)
  public void allCores(Blackhole sink) {
    texts.forEach(text -> sink.consume(tokenizer.tokenize(text)));
  }
}
