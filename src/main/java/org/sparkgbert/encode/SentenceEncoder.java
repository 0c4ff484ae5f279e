package org.sparkgbert.encode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import org.sparkgbert.batch.Batcher;
import org.sparkgbert.batch.DistinctTexts;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.model.BundleManifest;
import org.sparkgbert.onnx.BatchRunner;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.DeviceException;
import org.sparkgbert.onnx.DeviceSettings;
import org.sparkgbert.onnx.OnnxException;
import org.sparkgbert.onnx.Sessions;
import org.sparkgbert.tokenize.SentenceTokenizer;

/**
 * Turns sentences into embeddings: tokenize, batch, encode. Works without Spark.
 *
 * <pre>{@code
 * try (var encoder = SentenceEncoder.open(Path.of("models/default"))) {
 *   float[][] vectors = encoder.encode(List.of("Guten Morgen!", "Wie wird das Wetter?"));
 * }
 * }</pre>
 *
 * <p>A text has one vector: whatever else is in its batch, the vector is the same within float
 * rounding.
 *
 * <p><b>Ownership:</b> owns the session and the tokenizer; close it after use.
 *
 * <p><b>Threads:</b> safe; all threads share one session. {@link #close} waits for the calls that
 * are in progress.
 */
public final class SentenceEncoder implements AutoCloseable {
  private final Bundle bundle;
  private final EncoderSettings settings;
  private final SentenceTokenizer tokenizer;
  private final Sessions.Opened<BatchRunner> session;
  private final VectorForm form;
  private final Queue<SequenceEncoder> idle = new ConcurrentLinkedQueue<>();
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private boolean closed;

  SentenceEncoder(
      Bundle bundle,
      EncoderSettings settings,
      SentenceTokenizer tokenizer,
      Sessions.Opened<BatchRunner> session) {
    this.bundle = bundle;
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.session = session;
    this.form = VectorForm.of(bundle.manifest(), settings);
  }

  /**
   * Opens a bundle with default settings: the first usable GPU, else all cores of the machine.
   *
   * @throws IllegalArgumentException if there is no bundle, or it is damaged
   */
  public static SentenceEncoder open(Path bundle) {
    int cores = Runtime.getRuntime().availableProcessors();
    return open(Bundle.open(bundle), EncoderSettings.on(DeviceSettings.auto(cores)));
  }

  /**
   * Opens a bundle.
   *
   * @throws IllegalArgumentException if the settings do not fit the model, or its graph or
   *     tokenizer cannot be loaded
   * @throws DeviceException if a GPU was required and none is usable
   */
  public static SentenceEncoder open(Bundle bundle, EncoderSettings settings) {
    VectorForm.of(bundle.manifest(), settings);
    SentenceTokenizer tokenizer = openTokenizer(bundle, settings);
    try {
      return new SentenceEncoder(
          bundle, settings, tokenizer, Sessions.open(bundle, settings.device()));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Opens the tokenizer as an encoder with these settings does; the caller closes it.
   *
   * @throws IllegalArgumentException if the settings do not fit the model, or its tokenizer cannot
   *     be loaded
   */
  public static SentenceTokenizer openTokenizer(Bundle bundle, EncoderSettings settings) {
    return SentenceTokenizer.open(
        bundle.tokenizer(),
        settings.cleaner(),
        bundle.manifest().prompt(),
        maxSeqLength(bundle.manifest(), settings),
        settings.longText());
  }

  /**
   * Maximum number of tokens per text under the given settings.
   *
   * @throws IllegalArgumentException if the settings ask for more than the model reads
   */
  public static int maxSeqLength(BundleManifest model, EncoderSettings settings) {
    if (settings.maxSeqLength() > model.maxSeqLength()) {
      throw new IllegalArgumentException(
          "Cannot encode: max sequence length must be at most %d, the limit of %s, found %d"
              .formatted(model.maxSeqLength(), model.name(), settings.maxSeqLength()));
    }
    return settings.maxSeqLength() == 0 ? model.maxSeqLength() : settings.maxSeqLength();
  }

  /** The model. */
  public Bundle bundle() {
    return bundle;
  }

  /** What is done with the model's vectors. */
  public VectorForm form() {
    return form;
  }

  /** Where the model runs. */
  public Device device() {
    return session.device();
  }

  /** Why the model runs on the CPU although {@code auto} looked for a GPU; empty otherwise. */
  public String deviceNote() {
    return session.note();
  }

  /**
   * Encodes sentences.
   *
   * @param sentences any texts; longer ones than the model reads are cut
   * @return {@code [sentences, dimension]} in their order; null for a null or blank sentence
   * @throws OnnxException if a sentence cannot be encoded
   * @throws IllegalStateException after {@link #close}
   */
  public float[][] encode(List<String> sentences) {
    float[][] vectors = new float[sentences.size()][];
    for (int from = 0; from < vectors.length; from += settings.windowRows()) {
      int to = Math.min(vectors.length, from + settings.windowRows());
      List<EncodedText> texts = encodeWindow(sentences.subList(from, to)).texts();
      for (int i = 0; i < texts.size(); i++) {
        if (texts.get(i).status() == EmbeddingStatus.FAILED) {
          throw new OnnxException(
              "Cannot encode sentence %d: %s".formatted(from + i, texts.get(i).error()), null);
        }
        vectors[from + i] = texts.get(i).embedding();
      }
    }
    return vectors;
  }

  /**
   * Encodes a window of texts, sorted and batched together. Never fails because of a text: each has
   * a status.
   *
   * @param rows any texts, including null
   * @throws IllegalStateException after {@link #close}
   */
  public EncodedWindow encodeWindow(List<String> rows) {
    return encodeWindow(rows, done -> {});
  }

  /**
   * The same.
   *
   * @param progress is told after each batch about how many of the rows are done: their share is
   *     that of the sequences, since a batch holds those of any rows
   */
  public EncodedWindow encodeWindow(List<String> rows, IntConsumer progress) {
    lifetime.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("Cannot encode: the encoder of " + bundle + " is closed");
      }
      return encodeOpen(rows, progress);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  private EncodedWindow encodeOpen(List<String> rows, IntConsumer progress) {
    long start = System.nanoTime();
    DistinctTexts distinct = settings.dedupe() ? DistinctTexts.of(rows) : DistinctTexts.all(rows);
    TokenizedTexts tokenized = TokenizedTexts.of(distinct.texts(), tokenizer);
    long tokenizedAt = System.nanoTime();
    List<long[]> sequences = tokenized.sequences();
    SequenceEncoder.Result result =
        encodeSequences(
            sequences,
            done -> progress.accept((int) ((long) rows.size() * done / sequences.size())));
    long encodedAt = System.nanoTime();
    List<EncodedText> texts = tokenized.assemble(result, form);
    List<EncodedText> ofRows = new ArrayList<>(rows.size());
    for (int index : distinct.indexOfRow()) {
      ofRows.add(texts.get(index));
    }
    EncodingWork work =
        new EncodingWork(
            rows.size(),
            tokenized.encoded(),
            tokenized.sequenceTokens(),
            result.paddedTokens(),
            result.batches(),
            result
                .nanos()
                .plus(new StageNanos(tokenizedAt - start, 0, 0, System.nanoTime() - encodedAt)));
    return new EncodedWindow(ofRows, work);
  }

  private SequenceEncoder.Result encodeSequences(List<long[]> sequences, IntConsumer progress) {
    SequenceEncoder free = idle.poll();
    SequenceEncoder encoder =
        free != null ? free : new SequenceEncoder(session.runner(), new Batcher(tokenBudget()));
    try {
      return encoder.encode(sequences, progress);
    } finally {
      idle.add(encoder);
    }
  }

  private int tokenBudget() {
    return settings.tokenBudget() == 0 ? device().tokenBudget() : settings.tokenBudget();
  }

  /** Closes session and tokenizer, once, after the calls that are in progress. */
  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.runner().close();
        tokenizer.close();
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
