package org.sparkgbert.job;

import static org.sparkgbert.job.OptionChecks.atLeast;
import static org.sparkgbert.job.OptionChecks.inRange;
import static org.sparkgbert.job.OptionChecks.named;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.lake.EmbeddingColumns;
import org.sparkgbert.search.NeighbourSettings;
import org.sparkgbert.vector.Similarity;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of the sts job. */
final class StsOptions {
  @Mixin InputOptions input;

  @Option(
      names = "--sentence1-column",
      defaultValue = "sentence1",
      paramLabel = "NAME",
      description = "Column with the first sentence of a pair, a string.")
  String sentence1Column;

  @Option(
      names = "--sentence2-column",
      defaultValue = "sentence2",
      paramLabel = "NAME",
      description = "Column with the second sentence of a pair, a string.")
  String sentence2Column;

  @Option(
      names = "--embeddings",
      paramLabel = "TABLE",
      description = "Table of the embed job: pairs are then two ids, looked up there.")
  String embeddings;

  @Option(
      names = "--embeddings2",
      paramLabel = "TABLE",
      description = "Table for the second ids, if it is another.")
  String embeddings2;

  @Option(
      names = "--id1-column",
      defaultValue = "id1",
      paramLabel = "NAME",
      description = "Column with the first id of a pair.")
  String id1Column;

  @Option(
      names = "--id2-column",
      defaultValue = "id2",
      paramLabel = "NAME",
      description = "Column with the second id of a pair.")
  String id2Column;

  @Option(
      names = "--id-column",
      defaultValue = "id",
      paramLabel = "NAME",
      description = "Column with the id in tables of embeddings, and in the input of --all-pairs.")
  String idColumn;

  @Option(
      names = "--embedding-column",
      defaultValue = "embedding",
      paramLabel = "NAME",
      description = "Column with the embedding there.")
  String embeddingColumn;

  @Option(
      names = "--allow-mixed-models",
      description = "Compare embeddings of different models all the same.")
  boolean allowMixedModels;

  @Option(
      names = "--similarity",
      defaultValue = "cosine",
      split = ",",
      paramLabel = "NAMES",
      description = "What to compute: ${COMPLETION-CANDIDATES}, several allowed.")
  List<Similarity> similarities = new ArrayList<>();

  @Option(names = "--drop-embeddings", description = "Leave the embeddings out of the table.")
  boolean dropEmbeddings;

  @Option(
      names = "--gold-column",
      paramLabel = "NAME",
      description = "Column with gold scores; the scores are then compared with them.")
  String goldColumn;

  @Option(
      names = "--evaluation",
      paramLabel = "DIR",
      description = "Directory for the evaluation; the table's name with _evaluation if none.")
  String evaluation;

  @Option(
      names = "--resamples",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Resamples of the bootstrap for the interval of Spearman; 0 for none.")
  int resamples;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed of the bootstrap and of the pairs that the report shows.")
  long seed;

  @Option(
      names = "--all-pairs",
      description = "For each row of one corpus, its best partners in it; by cosine or dot.")
  boolean allPairs;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      paramLabel = "NAME",
      description = "With --all-pairs: column to encode, if the input has no embedding column.")
  String textColumn;

  @Option(
      names = "--top-k",
      defaultValue = "10",
      paramLabel = "K",
      description = "With --all-pairs: partners of a row. At least 1.")
  int topK;

  @Option(
      names = "--min-score",
      paramLabel = "S",
      description = "With --all-pairs: least score of a pair.")
  Float minScore;

  @Option(
      names = "--unordered",
      description = "With --all-pairs: each pair once, and not once for either row.")
  boolean unordered;

  @Option(
      names = "--block-rows",
      defaultValue = "2048",
      paramLabel = "N",
      description = "With --all-pairs: rows of a block, which bounds memory. From 1 to 16384.")
  int blockRows;

  @Option(
      names = "--keep-columns",
      split = ",",
      paramLabel = "NAMES",
      description = "With --all-pairs: columns to carry along, for both rows of a pair.")
  List<String> keepColumns = new ArrayList<>();

  @Mixin OutputOptions output;

  @Mixin ModelOptions model;

  @Mixin RunOptions run;

  /** Where the columns of tables of embeddings are. */
  EmbeddingColumns columns() {
    return new EmbeddingColumns(named("--embedding-column", embeddingColumn));
  }

  /**
   * Where the embeddings come from: a model, or a table.
   *
   * @param input columns of the input
   */
  String modelLocation(StructType input) {
    if (hasEmbeddings(input)) {
      return String.join(", ", this.input.input);
    }
    return embeddings == null ? model.model : embeddings;
  }

  /** Whether all pairs are to be made of embeddings that the input brings. */
  boolean hasEmbeddings(StructType input) {
    return allPairs && Arrays.asList(input.fieldNames()).contains(embeddingColumn);
  }

  /** Directory of the evaluation. */
  String evaluationDirectory() {
    return evaluation == null ? withoutSlash(output.output) + "_evaluation" : evaluation;
  }

  /**
   * @throws IllegalArgumentException if settings exclude each other or are out of range
   */
  void requireSensible() {
    atLeast(0, "--resamples", resamples);
    atLeast(1, "--top-k", topK);
    inRange(1, NeighbourSettings.MOST_BLOCK_ROWS, "--block-rows", blockRows);
    requireDifferentSimilarities();
    if (allPairs) {
      exclude("--all-pairs", "--gold-column", goldColumn != null);
      exclude("--all-pairs", "--embeddings", embeddings != null);
      if (similarities.size() != 1 || similarities.get(0).isDistance()) {
        throw new IllegalArgumentException(
            "Cannot run: --all-pairs goes by one --similarity, cosine or dot, found "
                + similarityNames());
      }
    } else {
      need("--min-score", minScore != null, "--all-pairs");
      need("--unordered", unordered, "--all-pairs");
      need("--keep-columns", !keepColumns.isEmpty(), "--all-pairs");
    }
    need("--embeddings2", embeddings2 != null && embeddings == null, "--embeddings");
    need("--evaluation", evaluation != null && goldColumn == null, "--gold-column");
    requireEvaluationBesideTable();
  }

  private void requireDifferentSimilarities() {
    if (similarities.stream().distinct().count() < similarities.size()) {
      throw new IllegalArgumentException(
          "Cannot run: --similarity must name each once, found " + similarityNames());
    }
  }

  private List<String> similarityNames() {
    return similarities.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** A table must hold nothing but itself, or it could not be overwritten. */
  private void requireEvaluationBesideTable() {
    if (evaluation != null && (evaluation + "/").startsWith(withoutSlash(output.output) + "/")) {
      throw new IllegalArgumentException(
          "Cannot run: --evaluation must not be in the table, found " + evaluation);
    }
  }

  private static String withoutSlash(String path) {
    return path.replaceAll("/+$", "");
  }

  private static void exclude(String first, String second, boolean isThere) {
    if (isThere) {
      throw new IllegalArgumentException(
          "Cannot run: give %s or %s, found both".formatted(first, second));
    }
  }

  private static void need(String option, boolean isUsedWithout, String needed) {
    if (isUsedWithout) {
      throw new IllegalArgumentException(
          "Cannot run: %s goes with %s, found it without".formatted(option, needed));
    }
  }
}
