package org.sparkgbert.embed;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.action.Amount;
import org.sparkgbert.action.Stages;
import org.sparkgbert.corpus.Corpus;
import org.sparkgbert.lake.BinaryVectors;
import org.sparkgbert.lake.FinishedFiles;
import org.sparkgbert.lake.Int8Vectors;
import org.sparkgbert.lake.UnpublishedFiles;

/**
 * Adds embeddings to a corpus, in the form in which they are stored.
 *
 * @param settings what to do
 * @param corpus the corpus
 * @param embedder the model
 * @param tally sums the work on the rows of the table
 * @param sampleTally sums the work on a sample
 * @param takenOver gets the number of rows whose vectors interrupted runs had finished
 * @param dimension length of an embedding
 * @param stages what the run is doing
 */
record Encoding(
    EmbedSettings settings,
    Corpus corpus,
    SentenceEmbedder embedder,
    EmbedTally tally,
    EmbedTally sampleTally,
    AtomicLong takenOver,
    int dimension,
    Stages stages) {
  /** Name of the stage. */
  static final String ENCODE = "encode and write texts";

  /** Of texts whose bits were left, in the corpus. */
  private static final double LEAST_SHARE = 0.5;

  /**
   * Embeds the corpus.
   *
   * @param left vectors that interrupted runs had finished are not encoded again
   */
  Dataset<Row> rows(UnpublishedFiles left) {
    return switch (settings.precision()) {
      case FLOAT32 -> floats(takeOver(left.finished(), null));
      case INT8 -> Int8Vectors.rounded(floats(takeOver(left.finished(), null)), settings.columns());
      case BINARY -> bits(left);
    };
  }

  private Dataset<Row> bits(UnpublishedFiles left) {
    return switch (settings.mean()) {
      case CORPUS -> bitsOfCorpus(left);
      case ZERO -> {
        List<Double> zero = BinaryVectors.mean(new double[dimension]);
        yield BinaryVectors.bits(floats(takeOver(left.finished(), zero)), settings.columns(), zero);
      }
    };
  }

  /** Bits are about the mean of those that are there already, if there are any of this corpus. */
  private Dataset<Row> bitsOfCorpus(UnpublishedFiles left) {
    FinishedFiles finished = left.finished();
    Optional<List<Double>> mean =
        FinishedVectors.mean(finished, fingerprint()).filter(about -> isOfCorpus(finished, about));
    Optional<FinishedVectors> known = takeOver(finished, mean.orElse(null));
    if (mean.isPresent()) {
      return BinaryVectors.bits(floats(known), settings.columns(), mean.get());
    }
    stages.begin("find the mean");
    MeanSample sample = MeanSample.encode(this, known, left);
    sample.note().ifPresent(stages.progress()::note);
    stages.begin(ENCODE);
    FinishedFiles all = UnpublishedFiles.both(finished, sample.files());
    return BinaryVectors.bits(
        floats(vectors(all, null)), settings.columns(), sample.mean(dimension));
  }

  /** A run of another corpus with this name may have left bits about the mean of that one. */
  private boolean isOfCorpus(FinishedFiles finished, List<Double> mean) {
    FinishedVectors.Wanted bits =
        new FinishedVectors.Wanted(fingerprint(), settings.precision(), mean, false);
    boolean isOwn =
        FinishedVectors.of(corpus.rows().sparkSession(), finished, bits)
            .map(left -> left.shareIn(corpus.rows(), settings.textColumn()))
            .filter(share -> share >= LEAST_SHARE)
            .isPresent();
    if (!isOwn) {
      stages
          .progress()
          .note(
              "Cannot take over bits of an interrupted run: most of its texts are not in this corpus, whose mean is another");
    }
    return isOwn;
  }

  /** Vectors that interrupted runs had finished; tells the user how many they are. */
  private Optional<FinishedVectors> takeOver(FinishedFiles left, List<Double> mean) {
    if (left.isEmpty()) {
      return Optional.empty();
    }
    stages.begin("look up what an interrupted run left");
    long withoutText = FinishedVectors.withoutText(left, wanted(mean));
    if (withoutText > 0) {
      stages
          .progress()
          .note(
              "Cannot take over %s of an interrupted run: without their column '%s' nobody knows of which texts they are"
                  .formatted(Amount.of(withoutText, "row"), settings.textColumn()));
    }
    Optional<FinishedVectors> finished = vectors(left, mean);
    takenOver.set(
        finished.map(some -> some.count(corpus.rows(), settings.textColumn())).orElse(0L));
    if (takenOver.get() > 0) {
      stages
          .progress()
          .note("Taken over from an interrupted run: " + Amount.of(takenOver.get(), "row"));
    }
    stages.begin(ENCODE);
    return takenOver.get() == 0 ? Optional.empty() : finished;
  }

  private Optional<FinishedVectors> vectors(FinishedFiles files, List<Double> mean) {
    return FinishedVectors.of(corpus.rows().sparkSession(), files, wanted(mean));
  }

  private FinishedVectors.Wanted wanted(List<Double> mean) {
    return new FinishedVectors.Wanted(fingerprint(), settings.precision(), mean, true);
  }

  private String fingerprint() {
    return embedder.fingerprint(corpus.rows().sparkSession());
  }

  private Dataset<Row> floats(Optional<FinishedVectors> known) {
    return floats(settings.partitioning().overTasks(corpus.rows()), tasks(), known, tally);
  }

  /** Among how many tasks the corpus is divided. */
  int tasks() {
    return settings.partitioning().tasks(corpus.rows());
  }

  /**
   * Adds embeddings to rows with texts.
   *
   * @param rows divided among tasks
   * @param known vectors that need not be encoded
   * @param work sums the work
   */
  Dataset<Row> floats(
      Dataset<Row> rows, int tasks, Optional<FinishedVectors> known, EmbedTally work) {
    return known
        .map(
            some ->
                some.embed(rows, tasks, settings.textColumn(), settings.columns(), embedder, work))
        .orElseGet(() -> embedder.transformCounting(rows, work));
  }
}
