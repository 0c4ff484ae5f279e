"""The jobs on DataFrames and on tables."""

import os

import pytest
import spark_gbert
from golden import TINY
from pyspark.errors import IllegalArgumentException
from pyspark.sql import functions as F
from spark_gbert import SentenceEmbedder, SparkGbertError


@pytest.fixture(scope="module")
def embedded(texts):
    rows = SentenceEmbedder(model=TINY).transform(texts).cache()
    yield rows
    rows.unpersist()


@pytest.fixture(scope="module")
def table(embedded, tmp_path_factory):
    path = str(tmp_path_factory.mktemp("jobs") / "embedded")
    spark_gbert.embed(embedded.select("id", "text"), path, model=TINY)
    return path


@pytest.fixture(scope="module")
def pairs(frame, golden):
    texts = list(golden)
    rows = [(texts[0], texts[0]), (texts[1], texts[2]), (None, texts[1])]
    return frame("sentence1 string, sentence2 string", rows)


@pytest.fixture(scope="module")
def cosine(embedded):
    """The cosine of two rows, by their ids."""
    vectors = {row["id"]: row["embedding"] for row in embedded.collect()}

    def product(a, b):
        return sum(x * y for x, y in zip(vectors[a], vectors[b]))

    return lambda a, b: product(a, b) / (product(a, a) * product(b, b)) ** 0.5


def test_texts_are_embedded(spark, table, embedded):
    columns = ["id", "text", "embedding", "embedding_status"]
    expected = {row["id"]: row for row in embedded.select(columns).collect()}
    found = spark.read.parquet(table).select(columns).collect()
    assert len(found) == len(expected)
    for row in found:
        assert row["embedding_status"] == expected[row["id"]]["embedding_status"]
        assert row["embedding"] == pytest.approx(expected[row["id"]]["embedding"], abs=1e-4)


def test_pairs_are_scored(pairs, cosine):
    scored = spark_gbert.score_pairs(pairs, model=TINY, similarity=["cosine", "dot"])
    assert {"cosine_similarity", "dot_product", "similarity_status"} <= set(scored.columns)
    rows = scored.collect()
    ok = [row for row in rows if row["similarity_status"] == "ok"]
    assert sorted(row["cosine_similarity"] for row in ok) == pytest.approx(
        sorted([1, cosine(2, 3)]), abs=1e-5
    )
    assert len(rows) == 3 and len(ok) == 2


def test_pairs_of_ids_are_scored(frame, table, cosine):
    ids = frame("id1 int, id2 int", [(1, 2), (3, 3)])
    rows = spark_gbert.score_pairs(ids, embeddings=table, drop_embeddings=True).collect()
    scores = {row["id1"]: row["cosine_similarity"] for row in rows}
    assert scores == pytest.approx({1: cosine(1, 2), 3: 1}, abs=1e-5)


@pytest.mark.parametrize("as_table", [False, True])
def test_neighbours_are_found(embedded, table, golden, cosine, as_table):
    found = spark_gbert.neighbours(table if as_table else embedded, top_k=1)
    rows = found.collect()
    assert len(rows) == len(golden)
    for row in rows[:3]:
        expected = max(
            cosine(row["id"], other)
            for other in range(1, len(golden) + 1)
            if other != row["id"]
        )
        assert row["cosine_similarity"] == pytest.approx(expected, abs=1e-5)
    assert found.schema["cosine_similarity"].metadata


def test_texts_are_embedded_for_their_neighbours(texts, golden):
    rows = spark_gbert.neighbours(texts.where("id > 0"), model=TINY, top_k=1).collect()
    assert len(rows) == len(golden)


def test_questions_are_answered(embedded, table, golden):
    question = next(text for text in golden if "," in text)
    number = list(golden).index(question) + 1
    for corpus in (embedded, table):
        found = spark_gbert.search([question], corpus, model=TINY, top_k=2, keep_columns=["text"])
        rows = found.orderBy("rank").collect()
        assert [row["rank"] for row in rows] == [1, 2]
        assert (rows[0]["query_id"], rows[0]["id"], rows[0]["text"]) == (1, number, question)
        assert rows[0]["score"] == pytest.approx(1, abs=1e-5)


def test_questions_may_be_a_dataframe(spark, embedded, texts):
    asked = texts.where("id IN (2, 3)").withColumnRenamed("text", "question")
    as_texts = spark_gbert.search(asked, embedded, query_column="question", model=TINY, top_k=1)
    as_vectors = spark_gbert.search(embedded.where("id IN (2, 3)"), embedded, top_k=1)
    for found in (as_texts, as_vectors):
        assert {row["query_id"]: row["id"] for row in found.collect()} == {2: 2, 3: 3}


def test_clusters_are_found_and_others_assigned(embedded, golden, tmp_path):
    output = str(tmp_path / "clusters")
    found = spark_gbert.find_clusters(embedded, output, k=2, seed=1)
    assert found.directory == output
    assert found.clusters.count() == found.centroids.count() == 2
    assert found.quality["clusters"] == 2
    clusters = {row["id"]: row["cluster"] for row in found.assignments.collect()}
    assert set(clusters.values()) == {0, 1, None}
    again = spark_gbert.find_clusters(embedded.where("id < 4"), assign=output)
    assert {row["id"]: row["cluster"] for row in again.assignments.collect()} == {
        number: clusters[number] for number in range(4)
    }


def test_output_is_published_once(embedded, tmp_path):
    output = str(tmp_path / "neighbours")
    spark_gbert.neighbours(embedded, output, top_k=1)
    assert os.path.exists(f"{output}/_embedding_run.json")
    with pytest.raises(IllegalArgumentException, match="Cannot write table: .* exists"):
        spark_gbert.neighbours(embedded, output, top_k=1)
    assert spark_gbert.neighbours(embedded, output, top_k=2, mode="overwrite").count()


def test_a_job_leaves_the_session_as_it_was(spark, embedded, texts):
    uncached = texts.withColumn("more", F.lit(1))
    spark_gbert.neighbours(uncached, model=TINY, top_k=1)
    assert not uncached.is_cached
    spark_gbert.neighbours(embedded, top_k=1)
    spark_gbert.search(embedded.where("id = 1"), embedded)
    assert embedded.storageLevel.useMemory
    assert embedded.is_cached
    assert not [view.name for view in spark.catalog.listTables() if "gbert" in view.name]


def test_wrong_settings_are_refused_by_name_in_one_line(embedded, pairs):
    cases = [
        (dict(topk=3), "Cannot run: unknown setting 'topk', did you mean 'top-k'?"),
        (dict(top_k=0), "Cannot run: --top-k must be at least 1, found 0"),
        (dict(top_k=[1, 2]), "Cannot run: --top-k takes one value, found [1, 2]"),
        (dict(similarity="euclidean"), "Cannot run: --all-pairs requires exactly one --similarity"),
        (dict(embedding_column="id"), "'id'"),
        (dict(id_column="none"), "'none'"),
    ]
    for options, message in cases:
        with pytest.raises(IllegalArgumentException) as refused:
            spark_gbert.neighbours(embedded, **options)
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)
    with pytest.raises(IllegalArgumentException, match="unknown setting 'resamples'"):
        spark_gbert.score_pairs(pairs, resamples=10)
    with pytest.raises(TypeError, match="'input' is no option of this function"):
        spark_gbert.score_pairs(pairs, input="pairs")


def test_rows_of_two_models_are_refused(embedded, texts):
    asked = SentenceEmbedder(model=TINY, maxSeqLength=4).transform(texts.where("id = 1"))
    with pytest.raises(IllegalArgumentException, match="Cannot search"):
        spark_gbert.search(asked, embedded)


def test_a_failure_is_one_line(spark, tmp_path):
    """What the JVM throws, and PySpark has no class for, comes without its stack trace."""
    vectors = spark.sql(
        "SELECT id, array(1F, raise_error('Wolke')) AS embedding, 'x' AS text FROM range(3)"
    )
    with pytest.raises(Exception) as failed:
        spark_gbert.find_clusters(vectors, str(tmp_path / "none"), k=2)
    assert "Wolke" in str(failed.value)
    assert isinstance(failed.value, SparkGbertError)
    assert "\n" not in str(failed.value)
    assert not (tmp_path / "none").exists()


def test_paths_without_rows_need_a_session_only(spark, tmp_path):
    with pytest.raises(IllegalArgumentException, match="Cannot read .*nowhere: there is no such path"):
        spark_gbert.neighbours(str(tmp_path / "nowhere"))
