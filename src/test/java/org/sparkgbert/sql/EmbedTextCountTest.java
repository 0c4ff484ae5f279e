package org.sparkgbert.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkgbert.TestSpark;
import org.sparkgbert.embed.TinyBert;

/** How many texts each shape of query encodes, of 1,000 in four files; a window has 100. */
class EmbedTextCountTest {
  @TempDir static Path folder;

  private static SparkSession session;
  private static CountEncodings count;

  @BeforeAll
  static void table() {
    session = TestSpark.compiling();
    session.conf().set("spark.gbert.model", TinyBert.directory().toString());
    session.conf().set("spark.gbert.device", "cpu");
    session.conf().set("spark.gbert.windowRows", "100");
    String path = folder.resolve("texts").toString();
    session
        .range(0, 1_000, 1, 4)
        .selectExpr(
            "id",
            "concat('Text ', id) AS text",
            "IF(id % 10 = 0, NULL, array(1f, 0f)) AS emb",
            "id % 7 AS part")
        .write()
        .parquet(path);
    session.read().parquet(path).createOrReplaceTempView("texts");
    session
        .sql("SELECT id, part, text, embed_text(text) AS v FROM texts")
        .createOrReplaceTempView("embedded");
    count = new CountEncodings(session);
  }

  @AfterAll
  static void stop() {
    count.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1000 | SELECT id, embed_text(text) FROM texts",
        "1000 | SELECT id, embed_text(text), embed_text_status(text), size(embed_text(text)) FROM texts",
        "1000 | SELECT part, max(size(v)) FROM embedded GROUP BY part",
        "1000 | SELECT v, count(*) FROM embedded GROUP BY v",
        "7 | SELECT part, embed_text(max(text)) FROM texts GROUP BY part",
        "7 | SELECT embed_text(concat('Teil ', part)) FROM texts GROUP BY concat('Teil ', part)",
        "1000 | SELECT max(embed_text_status(text)) FROM texts",
        "1000 | SELECT id, explode(embed_text(text)) FROM texts",
        "1000 | SELECT id, first(v) OVER (PARTITION BY part ORDER BY id) FROM embedded",
        "1 | SELECT * FROM embedded WHERE id = 5",
        "1 | SELECT * FROM embedded WHERE id = 5 AND size(v) = 32",
        "1000 | SELECT id, v FROM embedded WHERE size(v) = 32",
        "0 | SELECT count(*) FROM embedded",
        "0 | SELECT id, text FROM embedded",
        "1000 | SELECT coalesce(emb, embed_text(text)) FROM texts",
        "100 | SELECT coalesce(emb, embed_text(CASE WHEN emb IS NULL THEN text END)) FROM texts",
        "10 | SELECT id, v FROM embedded LIMIT 10",
        "10 | SELECT id, v FROM embedded ORDER BY id LIMIT 10",
        "10 | SELECT sum(size(v)) FROM (SELECT v FROM embedded LIMIT 10)",
        "3000 | SELECT sum(size(v)) FROM (SELECT embed_text(concat('T', id)) AS v FROM range(5000) LIMIT 3000)",
        "1000 | SELECT id FROM embedded ORDER BY vector_cosine_similarity(v, embed_text('Frage')) DESC LIMIT 10",
        "1000 | SELECT id, v FROM embedded ORDER BY id",
        "1000 | SELECT id, v FROM embedded ORDER BY v[0]",
        "1000 | WITH e AS (SELECT id, v FROM embedded) SELECT count(*) FROM e a JOIN e b ON a.id = b.id + 1 AND a.v[0] > b.v[0]",
        "1000 | WITH e AS (SELECT id, v FROM embedded) SELECT /*+ MERGE(a) */ count(*) FROM e a JOIN e b ON a.id = b.id + 1 AND a.v[0] > b.v[0]",
        "1000 | SELECT count(*) FROM embedded WHERE v[0] > (SELECT avg(v[0]) FROM embedded)",
        "1000 | SELECT count(*) FROM (SELECT v FROM embedded UNION ALL SELECT v FROM embedded) WHERE v[0] > 0",
        "1000 | SELECT id FROM texts WHERE vector_cosine_similarity(embed_text(text), (SELECT embed_text('Frage'))) > 0.9",
        "0 | SELECT id FROM texts WHERE vector_cosine_similarity(emb, slice(embed_text('Frage'), 1, 2)) > 2",
        "0 | SELECT size(v) FROM VALUES (embed_text('x')) AS t(v)",
        "2 | SELECT embed_text(text) FROM VALUES ('x'), ('y') AS t(text)",
        "1000 | SELECT a.id, b.id FROM texts a JOIN texts b ON a.id = b.id AND size(embed_text(a.text)) = b.part + 32",
        "1000 | SELECT a.id, embed_text(a.text) FROM texts a JOIN texts b ON a.id = b.id AND size(embed_text(a.text)) >= b.part",
        "1000 | SELECT a.id, embed_text(a.text) FROM texts a LEFT JOIN texts b ON a.id = b.id",
        "10 | SELECT count(*) FROM texts a JOIN (SELECT * FROM texts WHERE id < 10) b ON a.id = b.id AND size(embed_text(concat(a.text, b.text))) = 32",
        "1000 | SELECT id FROM texts a WHERE EXISTS (SELECT 1 FROM texts b WHERE a.id = b.id AND size(embed_text(b.text)) = 32)",
        "1000 | SELECT id FROM texts WHERE embed_text_status(text) IN (SELECT s FROM VALUES ('ok') AS t(s))",
        "1000 | SELECT CASE WHEN id = 3 THEN embed_text(text) END FROM texts",
        "1000 | SELECT transform(array(id), x -> embed_text(text)) FROM texts",
      })
  void aQueryEncodes(long expected, String query) {
    for (boolean adaptive : new boolean[] {true, false}) {
      session.conf().set("spark.sql.adaptive.enabled", adaptive);
      count.take();
      session.sql(query).collectAsList();
      assertThat(count.take()).as("adaptive %s: %s", adaptive, query).isEqualTo(expected);
    }
  }
}
