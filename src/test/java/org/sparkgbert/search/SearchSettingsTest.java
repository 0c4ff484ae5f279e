package org.sparkgbert.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.corpus.InputOptions;
import org.sparkgbert.settings.Settings;

/** Settings that are given from Java are read, or refused by name. */
class SearchSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          index    | measure-recall | 20         | --measure-recall takes the place of a search; see RecallSettings
          index    | read-option    | a=b        | --read-option does not apply with --index
          index    | input          | there      | --index does not apply with --input
          input    | keep-columns   | topic      | --keep-columns requires --output, which is not set
          input    | partitions     | 7          | --partitions does not apply to questions of --query
          """)
  void whatIsNotReadIsRefused(String corpus, String name, String value, String message) {
    Map<String, String> texts = Map.of(corpus, "here", "query", "x", name, value);
    assertThatThrownBy(() -> SearchSettings.of(texts)).hasMessage("Cannot run: " + message);
  }

  @Test
  void aCorpusHasOneName() {
    Settings index =
        Settings.NONE
            .with(SearchOptions.INDEX, Optional.of("index"))
            .with(SearchOptions.QUERY, List.of("x"));
    assertThat(SearchSettings.of(index).corpus().paths()).containsExactly("index");
    assertThatThrownBy(() -> SearchSettings.of(index.with(InputOptions.INPUT, List.of("articles"))))
        .hasMessage("Cannot run: --input does not apply with --index");
    Settings input = Settings.NONE.with(SearchOptions.QUERY, List.of("x"));
    Settings twice =
        input
            .with(SearchOptions.INPUT, List.of("articles"))
            .with(InputOptions.INPUT, List.of("comments"));
    assertThatThrownBy(() -> SearchSettings.of(twice))
        .hasMessage("Cannot run: --input is given twice");
    assertThat(
            SearchSettings.of(input.with(InputOptions.INPUT, List.of("articles"))).corpus().paths())
        .containsExactly("articles");
  }
}
