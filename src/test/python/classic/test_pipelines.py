"""Pipelines that one language saved and another loads."""

import pytest
from golden import TINY, assert_golden
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import SQLTransformer
from pyspark.sql import DataFrame
from spark_gbert import SentenceEmbedder


def pipeline():
    return Pipeline(
        stages=[
            SentenceEmbedder(model=TINY, maxSeqLength=16, gpuMemoryLimit=1 << 33, dedupe=False),
            SQLTransformer(statement="SELECT * FROM __THIS__ WHERE embedding IS NOT NULL"),
            KMeans(featuresCol="embedding", k=2, seed=1),
        ]
    )


def java_pipeline(spark):
    """The same, made by the JVM alone."""
    jvm = spark._jvm
    ml = jvm.org.apache.spark.ml
    embedder = jvm.org.sparkgbert.embed.SentenceEmbedder("embedder")
    embedder.setModel(TINY).setOutputCol("v")
    embedder.set(jvm.org.sparkgbert.encode.EncoderOptions.MAX_SEQ_LENGTH, 16)
    only = ml.feature.SQLTransformer().setStatement("SELECT *, v[0] AS first FROM __THIS__")
    stages = spark.sparkContext._gateway.new_array(ml.PipelineStage, 2)
    stages[0], stages[1] = embedder, only
    return ml.Pipeline().setStages(stages)


def test_an_embedder_survives_saving(spark, tmp_path):
    path = str(tmp_path / "embedder")
    saved = SentenceEmbedder(model=TINY, maxSeqLength=16, gpuMemoryLimit=1 << 33, dedupe=False)
    saved.write().overwrite().save(path)
    loaded = SentenceEmbedder.load(path)
    assert loaded.uid == saved.uid
    assert loaded.extractParamMap() == saved.extractParamMap()


def test_what_python_saved_loads_in_python(texts, tmp_path):
    pipeline().save(str(tmp_path / "pipeline"))
    loaded = Pipeline.load(str(tmp_path / "pipeline"))
    embedder = loaded.getStages()[0]
    assert isinstance(embedder, SentenceEmbedder)
    assert (embedder.getMaxSeqLength(), embedder.getGpuMemoryLimit()) == (16, 1 << 33)
    model = loaded.fit(texts)
    model.save(str(tmp_path / "model"))
    again = PipelineModel.load(str(tmp_path / "model"))
    expected = {row["id"]: row["prediction"] for row in model.transform(texts).collect()}
    assert {row["id"]: row["prediction"] for row in again.transform(texts).collect()} == expected


def test_what_python_saved_loads_in_java(spark, texts, tmp_path):
    path = str(tmp_path / "model")
    model = pipeline().fit(texts)
    model.save(path)
    loaded = spark._jvm.org.apache.spark.ml.PipelineModel.load(path)
    embedder = loaded.stages()[0]
    assert embedder.getClass().getName() == "org.sparkgbert.embed.SentenceEmbedder"
    assert embedder.getOrDefault(embedder.getParam("maxSeqLength")) == 16
    expected = {row["id"]: row["prediction"] for row in model.transform(texts).collect()}
    rows = DataFrame(loaded.transform(texts._jdf), spark).collect()
    assert {row["id"]: row["prediction"] for row in rows} == expected


def test_what_java_saved_loads_in_python(spark, texts, golden, tmp_path):
    java = java_pipeline(spark)
    java.save(str(tmp_path / "pipeline"))
    java.fit(texts._jdf).save(str(tmp_path / "model"))
    embedder = Pipeline.load(str(tmp_path / "pipeline")).getStages()[0]
    assert isinstance(embedder, SentenceEmbedder)
    assert (embedder.uid, embedder.getMaxSeqLength()) == ("embedder", 16)
    rows = PipelineModel.load(str(tmp_path / "model")).transform(texts).collect()
    assert all(row["first"] == (row["v"][0] if row["v"] else None) for row in rows)
    whole = SentenceEmbedder.load(str(next((tmp_path / "pipeline/stages").glob("0_*"))))
    assert_golden(whole.clear(whole.maxSeqLength) or whole.transform(texts).collect(), golden, "v")


@pytest.mark.parametrize("reader", [Pipeline, PipelineModel])
def test_a_program_need_not_import_the_package_to_load(spark, texts, tmp_path, reader):
    """Readers find the class by the name of its Java class."""
    saved = pipeline() if reader is Pipeline else PipelineModel([SentenceEmbedder(model=TINY)])
    saved.save(str(tmp_path / "saved"))
    stages = reader.load(str(tmp_path / "saved"))
    stages = stages.getStages() if reader is Pipeline else stages.stages
    assert type(stages[0]).__module__ == "org.sparkgbert.embed"
