"""Spark Connect's client: nothing of the JVM is in this process but the server that it started."""

import json

import pytest
import spark_gbert
from golden import TINY, assert_golden
from pyspark.errors import PySparkException
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import SQLTransformer
from spark_gbert import SentenceEmbedder
from spark_gbert import functions as G


def test_embed_text(texts, golden):
    assert type(texts).__module__ == "pyspark.sql.connect.dataframe"
    rows = texts.select("text", G.embed_text("text", TINY).alias("embedding")).collect()
    assert_golden(rows, golden)
    status = texts.where("id = 0").select(G.embed_text_status("text", TINY)).head()[0]
    assert status == "empty"


def test_embed_text_in_sql(spark, texts, golden):
    texts.createOrReplaceTempView("texts")
    rows = spark.sql(f"SELECT text, embed_text(text, '{TINY}') AS embedding FROM texts").collect()
    assert_golden(rows, golden)


def test_vectors_are_compared(spark):
    row = spark.sql("SELECT array(3F, 4F) AS a").select(G.vector_inner_product("a", "a")).head()
    assert row[0] == 25


def test_the_transformer(texts, golden):
    embedder = SentenceEmbedder(model=TINY, gpuMemoryLimit=1 << 33, dedupe=False)
    assert_golden(embedder.transform(texts).collect(), golden)
    cut = SentenceEmbedder(model=TINY, maxSeqLength=5).transform(texts).where("id > 0").collect()
    assert {row["embedding_status"] for row in cut if row["embedding_tokens"] > 5} == {"truncated"}


def test_the_transformer_is_saved_and_loaded(texts, golden, tmp_path):
    path = str(tmp_path / "embedder")
    saved = SentenceEmbedder(model=TINY, gpuMemoryLimit=1 << 33, dedupe=False)
    saved.write().overwrite().save(path)
    (metadata,) = (tmp_path / "embedder/metadata").glob("part-*")
    assert json.loads(metadata.read_text())["class"] == "org.sparkgbert.embed.SentenceEmbedder"
    loaded = SentenceEmbedder.load(path)
    assert (loaded.uid, loaded.getGpuMemoryLimit(), loaded.getDedupe()) == (saved.uid, 1 << 33, False)
    assert_golden(loaded.transform(texts).collect(), golden)


def test_a_pipeline_is_fitted_saved_and_loaded(texts, tmp_path):
    pipeline = Pipeline(
        stages=[
            SentenceEmbedder(model=TINY),
            SQLTransformer(statement="SELECT * FROM __THIS__ WHERE embedding IS NOT NULL"),
            KMeans(featuresCol="embedding", k=2, seed=1),
        ]
    )
    pipeline.save(str(tmp_path / "pipeline"))
    model = Pipeline.load(str(tmp_path / "pipeline")).fit(texts)
    model.save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert isinstance(loaded.stages[0], SentenceEmbedder)
    expected = {row["id"]: row["prediction"] for row in model.transform(texts).collect()}
    assert {row["id"]: row["prediction"] for row in loaded.transform(texts).collect()} == expected


def test_errors_are_those_of_the_server(texts):
    with pytest.raises(PySparkException, match="Cannot embed column 'body': there is no such column"):
        SentenceEmbedder(model=TINY, inputCol="body").transform(texts).collect()
    with pytest.raises(TypeError, match="Cannot set Param 'modle'"):
        SentenceEmbedder(modle=TINY)


def test_jobs_say_that_they_need_a_classic_session(texts):
    with pytest.raises(RuntimeError, match="Cannot find neighbours: jobs need a classic session"):
        spark_gbert.neighbours(texts)
