package org.sparkgbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableNameTest {
  @ParameterizedTest
  @CsvSource({
    "/lake/2025/news_embedded, news_embedded",
    "s3a://lake/news/, news",
    "news.csv, news.csv",
    "lake.news.emb, lake.news.emb",
    "/lake/news/*.parquet, news/*.parquet",
    "/, /"
  })
  void aPathIsNamedByItsLastPart(String path, String name) {
    assertThat(TableName.of(List.of(path))).isEqualTo(name);
  }

  @Test
  void ofManyPathsTheFirstAreNamed() {
    assertThat(TableName.of(List.of("/a/b", "/a/c"))).isEqualTo("b, c");
    assertThat(TableName.of(List.of("/a/b", "/a/c", "/a/d", "/e", "/f")))
        .isEqualTo("b, c, d and 2 more");
  }
}
