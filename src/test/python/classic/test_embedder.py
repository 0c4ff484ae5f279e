"""The transformer in a classic session."""

import pytest
from golden import TINY, assert_golden
from pyspark.errors import IllegalArgumentException
from spark_gbert import SentenceEmbedder


def test_it_embeds_as_without_spark(texts, golden):
    embedded = SentenceEmbedder(model=TINY).transform(texts)
    assert embedded.columns == [
        "id", "text", "embedding", "embedding_status", "embedding_tokens", "embedding_error"
    ]  # fmt: skip
    assert embedded.schema["embedding"].dataType.simpleString() == "array<float>"
    rows = embedded.collect()
    assert_golden(rows, golden)
    assert {row["embedding_status"] for row in rows} == {"ok", "empty", "truncated"}


def test_the_column_says_what_made_it(texts):
    made = SentenceEmbedder(model=TINY, outputCol="v").transform(texts).schema["v"].metadata
    assert made["spark_gbert"]["dimension"] == 32


def test_params_are_those_of_java(spark):
    """Names, meanings, defaults; the generator's own test compares the files."""
    embedder = SentenceEmbedder()
    java = {
        param.name(): (param.doc(), embedder._java_obj.getDefault(param).get())
        for param in embedder._java_obj.params()
    }
    here = {
        param.name: (param.doc, embedder.getOrDefault(param)) for param in embedder.params
    }
    assert here == java


def test_params_are_set_by_name_and_by_setters(spark):
    embedder = SentenceEmbedder(inputCol="body", maxSeqLength=16, dedupe=False).setOutputCol("v")
    assert (embedder.getInputCol(), embedder.getOutputCol()) == ("body", "v")
    assert (embedder.getMaxSeqLength(), embedder.getDedupe()) == (16, False)
    assert embedder.getWindowRows() == 2048
    assert "Maximum number of tokens" in embedder.explainParam("maxSeqLength")
    assert embedder.copy({embedder.maxSeqLength: 8}).getMaxSeqLength() == 8


def test_params_reach_java(texts):
    cut = SentenceEmbedder(model=TINY, maxSeqLength=5).transform(texts).where("id > 0").collect()
    assert {row["embedding_tokens"] > 5 for row in cut if row["embedding_status"] == "truncated"} == {True}
    assert {row["embedding_tokens"] > 5 for row in cut if row["embedding_status"] == "ok"} == {False}


def test_unknown_params_and_wrong_types_are_refused(spark):
    with pytest.raises(TypeError, match="Cannot set Param 'modle': there is none, found inputCol"):
        SentenceEmbedder(modle="default")
    with pytest.raises(TypeError, match="maxSeqLength"):
        SentenceEmbedder(maxSeqLength="many")


def test_wrong_input_is_one_line(texts):
    cases = [
        (dict(inputCol="body"), "Cannot embed column 'body': there is no such column, found [id, text]"),
        (dict(inputCol="id"), "Cannot embed column 'id': it must be a string, found int"),
        (dict(device="tpu"), "parameter device given invalid value tpu"),
        (dict(model="/nowhere"), "/nowhere"),
    ]
    for params, message in cases:
        with pytest.raises(IllegalArgumentException) as refused:
            SentenceEmbedder(**{"model": TINY, **params}).transform(texts)
        assert message in str(refused.value)
        assert "\n" not in str(refused.value)


def test_it_embeds_streams(spark, texts, golden, tmp_path):
    texts.write.parquet(str(tmp_path / "in"))
    stream = SentenceEmbedder(model=TINY).transform(
        spark.readStream.schema(texts.schema).parquet(str(tmp_path / "in"))
    )
    query = (
        stream.writeStream.format("memory")
        .queryName("embedded")
        .trigger(availableNow=True)
        .start()
    )
    query.awaitTermination()
    assert_golden(spark.table("embedded").collect(), golden)
