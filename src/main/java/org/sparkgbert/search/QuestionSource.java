package org.sparkgbert.search;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.corpus.CorpusSource;
import org.sparkgbert.settings.Settings;

/** Where questions come from. */
public sealed interface QuestionSource {
  /**
   * Texts, numbered from 1.
   *
   * @param texts at least one
   */
  record Typed(List<String> texts) implements QuestionSource {
    public Typed {
      texts = List.copyOf(SearchOptions.QUERY.require(texts));
      if (texts.isEmpty()) {
        throw new IllegalArgumentException("Cannot run: --query must name at least one question");
      }
    }

    @Override
    public boolean encodes() {
      return true;
    }

    @Override
    public List<String> paths() {
      return List.of();
    }
  }

  /**
   * A table.
   *
   * @param source where it is
   * @param idColumn its column with the id
   * @param textColumn its column with the text, which is encoded; empty if it has embeddings
   */
  record Table(CorpusSource source, String idColumn, Optional<String> textColumn)
      implements QuestionSource {
    @Override
    public boolean encodes() {
      return textColumn.isPresent();
    }

    @Override
    public List<String> paths() {
      return source.paths();
    }
  }

  /**
   * Reads the settings of {@link SearchOptions}.
   *
   * @throws IllegalArgumentException if there are no questions
   */
  static QuestionSource of(Settings settings) {
    if (settings.has(SearchOptions.QUERY)) {
      return new Typed(settings.get(SearchOptions.QUERY));
    }
    String table =
        settings
            .get(SearchOptions.QUERIES)
            .orElseThrow(
                () -> new IllegalArgumentException("Cannot run: give --query or --queries"));
    return new Table(
        new CorpusSource(
            List.of(table),
            settings.get(SearchOptions.QUERIES_FORMAT),
            Map.copyOf(settings.get(SearchOptions.QUERIES_READ_OPTION)),
            ""),
        settings.get(SearchOptions.QUERY_ID_COLUMN),
        settings.get(SearchOptions.QUERY_COLUMN));
  }

  /** Whether they are texts, which are encoded. */
  boolean encodes();

  /** The table that is read, if there is one: its path or name. */
  List<String> paths();
}
