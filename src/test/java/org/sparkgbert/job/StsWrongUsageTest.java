package org.sparkgbert.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.vector.Similarity;

/** What settings and inputs of the sts job can have wrong: one line, and nothing is left. */
class StsWrongUsageTest {
  @TempDir private Path folder;
  private Path work;

  @BeforeEach
  void name() {
    work = folder.resolve("work");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --resamples=-1                           | --resamples must be at least 0, found -1
          --resamples=many                         | --resamples must be a whole number, found 'many'
          --seed=x                                 | --seed must be a whole number, found 'x'
          --min-score=high                         | --min-score must be a number, found 'high'
          --top-k=0                                | --top-k must be at least 1, found 0
          --block-rows=0                           | --block-rows must be at least 1, found 0
          --min-score=NaN                          | --min-score must be a finite number, found 'NaN'
          --block-rows=-5                          | --block-rows must be at least 1, found -5
          --block-rows=16385                       | --block-rows must be at most 16384, found 16385
          --similarity=dot,cosine,dot              | --similarity must name each only once, found 'dot,cosine,dot'
          --all-pairs --gold-column=g              | --gold-column does not apply with --all-pairs
          --all-pairs --embeddings=t               | --embeddings does not apply with --all-pairs
          --all-pairs --similarity=cosine,dot      | --all-pairs requires exactly one --similarity, cosine or dot, found [cosine, dot]
          --all-pairs --similarity=euclidean       | --all-pairs requires exactly one --similarity, cosine or dot, found [euclidean]
          --min-score=0.5                          | --min-score requires --all-pairs, which is not set
          --unordered                              | --unordered requires --all-pairs, which is not set
          --keep-columns=a                         | --keep-columns requires --all-pairs, which is not set
          --top-k=10                               | --top-k requires --all-pairs, which is not set
          --block-rows=64                          | --block-rows requires --all-pairs, which is not set
          --text-column=t                          | --text-column requires --all-pairs, which is not set
          --all-pairs --resamples=10               | --resamples does not apply with --all-pairs
          --all-pairs --sentence1-column=a         | --sentence1-column does not apply with --all-pairs
          --all-pairs --drop-embeddings            | --drop-embeddings does not apply with --all-pairs
          --embeddings=t --sentence2-column=a      | --sentence2-column does not apply with --embeddings
          --embeddings=t --window-rows=8           | --window-rows does not apply with --embeddings
          --embeddings=t --partitions=8            | --partitions does not apply with --embeddings
          --embeddings=t --model=m                 | --model does not apply with --embeddings
          --id1-column=a                           | --id1-column requires --embeddings, which is not set
          --id-column=a                            | --id-column requires --embeddings, which is not set
          --embedding-column=a                     | --embedding-column requires --embeddings, which is not set
          --allow-mixed-models                     | --allow-mixed-models requires --embeddings, which is not set
          --resamples=10                           | --resamples requires --gold-column, which is not set
          --seed=10                                | --seed requires --gold-column, which is not set
          --gpu-arena=next_power_of_two            | --gpu-arena does not apply with --device cpu
          --embeddings2=t                          | --embeddings2 requires --embeddings, which is not set
          --evaluation=e                           | --evaluation requires --gold-column, which is not set
          --gold-column=g --output=t/ --evaluation=t/e | --evaluation must not be in the table, found t/e
          --gold-column=g --output=t --evaluation=t | --evaluation must not be in the table, found t
          --max-characters=0                       | --max-characters must be at least 1, found 0
          --max-failed=2                           | --max-failed must be from 0 to 1, found 2.0
          --files=1 --target-file-size=1m          | give --files or --target-file-size, found both
          --input=                                 | --input must not be blank, found ''
          --sentence1-colum a                      | unknown option --sentence1-colum, did you mean --sentence1-column?
          """)
  void settingsThatCannotBeAreSaidBeforeSparkStarts(String options, String message) {
    PairTables.assertRefused(
        JobRun.withoutSpark(JobRun.stsArguments(work, options.split(" +"))),
        "Cannot run: " + message);
  }

  @Test
  void aSimilarityThatIsNoneIsRefusedWithThoseThereAre() {
    List<String> names = Arrays.stream(Similarity.values()).map(Similarity::label).toList();
    int last = names.size() - 1;
    PairTables.assertRefused(
        JobRun.withoutSpark(JobRun.stsArguments(work, "--similarity=angle")),
        "Cannot run: --similarity must be %s or %s, found 'angle'"
            .formatted(String.join(", ", names.subList(0, last)), names.get(last)));
    assertThat(names).startsWith("cosine", "dot", "euclidean", "manhattan");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --sentence1-column=a       | Cannot score column 'a': there is no such column, found [id, sentence1, sentence2, lang]
          --sentence2-column=id      | Cannot score column 'id': it must be a string, found int
          --sentence2-column=Lang    | Cannot score column 'Lang': there is no such column, found [id, sentence1, sentence2, lang]
          --max-seq-length=129       | Cannot encode: max sequence length must be at most 128, the limit of tiny-bert, found 129
          --gold-column=g            | Cannot evaluate column 'g': there is no such column, found [id, sentence1, sentence2, lang]
          --partition-by=land        | Cannot partition by column 'land': there is no such column, found [id, sentence1, sentence2, lang, embedding1, embedding1_status, embedding1_tokens, embedding1_error, embedding2, embedding2_status, embedding2_tokens, embedding2_error, cosine_similarity, similarity_status]
          """)
  void whatDoesNotFitTheInputIsSaidBeforeItIsEncoded(String option, String message)
      throws IOException {
    PairTables.query(folder, "SELECT 1 AS id, 'a' AS sentence1, 'b' AS sentence2, 'de' AS lang");
    PairTables.assertRefused(JobRun.sts(folder, option), message);
    assertThat(PairTables.names(folder)).containsExactly("in");
  }

  @ParameterizedTest
  @CsvSource({"Embedding1", "embedding2_error", "cosine_similarity", "similarity_status"})
  void aNameThatScoringAddsIsRefused(String name) throws IOException {
    PairTables.query(folder, "SELECT 'a' AS sentence1, 'b' AS sentence2, 1 AS " + name);
    JobRun run = JobRun.sts(folder);
    assertThat(run.err())
        .singleElement()
        .asString()
        .isEqualToIgnoringCase(
            "spark-gbert: Cannot score pairs: the input has a column %s, which scoring adds; rename it"
                .formatted(name));
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(PairTables.names(folder)).containsExactly("in");
  }

  @Test
  void vectorsToPartitionByAreRefusedInSparksWordsBeforeTheyAreMade() throws IOException {
    PairTables.query(folder, "SELECT 'a' AS sentence1, 'b' AS sentence2");
    JobRun run = JobRun.sts(folder, "--partition-by=embedding1");
    assertThat(run.err())
        .singleElement()
        .asString()
        .startsWith("spark-gbert: Cannot run: ")
        .contains("for partition column");
    assertThat(run.code()).isEqualTo(Main.WRONG_USAGE);
    assertThat(PairTables.names(folder)).containsExactly("in");
  }

  @Test
  void aScoreThatIsNotAddedIsNoClash() {
    PairTables.query(folder, "SELECT 'a' AS sentence1, 'b' AS sentence2, 1 AS dot_product");
    assertThat(PairTables.scored(folder).columns()).contains("dot_product", "cosine_similarity");
  }
}
