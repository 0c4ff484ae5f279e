package org.sparkgbert.sts;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.sparkgbert.corpus.ColumnNames;
import org.sparkgbert.encode.EmbeddingStatus;
import org.sparkgbert.lake.DerivedProvenance;
import org.sparkgbert.lake.EmbeddingProvenance;
import org.sparkgbert.vector.Similarity;
import org.sparkgbert.vector.VectorFunctions;

/**
 * Scores pairs by the embeddings in their rows.
 *
 * @param similarities what to compute
 * @param first what made the first embeddings, if that is known
 * @param second what made the second ones
 * @param dropEmbeddings whether the vectors are left out of the result
 */
public record PairScores(
    List<Similarity> similarities,
    Optional<EmbeddingProvenance> first,
    Optional<EmbeddingProvenance> second,
    boolean dropEmbeddings) {
  /** A worse status comes before a better one. */
  private static final List<EmbeddingStatus> WORST_FIRST =
      List.of(
          EmbeddingStatus.FAILED,
          EmbeddingStatus.MISSING,
          EmbeddingStatus.EMPTY,
          EmbeddingStatus.TRUNCATED);

  /**
   * The pairs with their scores, null where an embedding is missing, and a status; the provenance
   * is stored in the metadata of vectors and scores.
   *
   * @param joined what {@link PairJoin#join} returns
   */
  public Dataset<Row> of(Dataset<Row> joined) {
    List<Column> columns = new ArrayList<>();
    for (String name : joined.schema().fieldNames()) {
      if (name.equals(PairScoreColumns.FIRST.embedding())) {
        addVector(columns, name, first);
      } else if (name.equals(PairScoreColumns.SECOND.embedding())) {
        addVector(columns, name, second);
      } else {
        columns.add(ColumnNames.column(name));
      }
    }
    similarities.forEach(similarity -> columns.add(score(similarity)));
    columns.add(status().as(PairScoreColumns.STATUS));
    return joined.select(columns.toArray(Column[]::new));
  }

  private void addVector(List<Column> columns, String name, Optional<EmbeddingProvenance> made) {
    if (!dropEmbeddings) {
      Column vector = ColumnNames.column(name);
      columns.add(made.map(by -> vector.as(name, by.toMetadata())).orElse(vector));
    }
  }

  private Column score(Similarity similarity) {
    List<EmbeddingProvenance> made =
        Stream.of(first, second).flatMap(Optional::stream).distinct().toList();
    return VectorFunctions.similarity(
            similarity,
            ColumnNames.column(PairScoreColumns.FIRST.embedding()),
            ColumnNames.column(PairScoreColumns.SECOND.embedding()))
        .as(similarity.column(), new DerivedProvenance(similarity.column(), made).toMetadata());
  }

  private static Column status() {
    Column status = lit(EmbeddingStatus.OK.label());
    for (int i = WORST_FIRST.size() - 1; i >= 0; i--) {
      String label = WORST_FIRST.get(i).label();
      Column either =
          ColumnNames.column(PairScoreColumns.FIRST.status())
              .equalTo(label)
              .or(ColumnNames.column(PairScoreColumns.SECOND.status()).equalTo(label));
      status = when(either, lit(label)).otherwise(status);
    }
    return status;
  }
}
