"""Functions of columns in a classic session."""

import math

import pytest
from golden import TINY, assert_golden
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F
from spark_gbert import functions as G


def test_embed_text_encodes_as_the_transformer_does(texts, golden):
    rows = texts.select("id", "text", G.embed_text("text", TINY).alias("embedding")).collect()
    assert_golden(rows, golden)


def test_the_model_of_the_session_is_the_default(spark, texts, golden):
    spark.conf.set("spark.gbert.model", TINY)
    try:
        rows = texts.select("text", G.embed_text(F.col("text")).alias("embedding")).collect()
    finally:
        spark.conf.unset("spark.gbert.model")
    assert_golden(rows, golden)


def test_status_and_error(texts):
    rows = texts.select(
        "id",
        G.embed_text_status("text", TINY).alias("status"),
        G.embed_text_error("text", TINY).alias("error"),
    ).collect()
    assert {row["status"] for row in rows if row["id"] == 0} == {"empty"}
    assert {row["error"] for row in rows} == {None}


def test_vectors_are_compared(spark):
    vectors = spark.sql("SELECT array(1F, 2F, 2F) AS a, array(2F, 2F, 1F) AS b, array(0F, 0F, 0F) AS o")
    values = vectors.select(
        G.vector_cosine_similarity("a", "b"),
        G.vector_inner_product(F.col("a"), F.col("b")),
        G.vector_l2_distance("a", "b"),
        G.vector_l1_distance("a", "b"),
        G.vector_cosine_similarity("a", "o"),
    ).head()
    assert values[:4] == pytest.approx((8 / 9, 8, math.sqrt(2), 2))
    assert values[4] is None


def test_a_constant_question_is_compared_with_a_column(spark, texts):
    question = texts.where("id = 1").head()["text"]
    score = G.vector_cosine_similarity(G.embed_text("text", TINY), G.embed_text(F.lit(question), TINY))
    best = texts.select("id", score.alias("score")).orderBy(F.desc("score")).head()
    assert (best["id"], best["score"]) == (1, pytest.approx(1))


def test_a_model_that_is_not_there_is_refused_by_name(texts):
    with pytest.raises(Exception, match="/nowhere"):
        texts.select(G.embed_text("text", "/nowhere")).collect()
    with pytest.raises(AnalysisException):
        texts.select(G.embed_text("no_such_column")).collect()
