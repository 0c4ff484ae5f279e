"""Tables of the embed job as other tools read them: each form with PyArrow, DuckDB and pandas."""

import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spark_gbert
from golden import TINY

FORMS = ["float32", "int8", "binary"]


@pytest.fixture(scope="module", params=FORMS)
def form(request):
    return request.param


@pytest.fixture(scope="module")
def tables(texts, tmp_path_factory):
    """A table of each form, of the golden texts and a row without text."""
    folder = tmp_path_factory.mktemp("forms")
    paths = {form: str(folder / form) for form in FORMS}
    for form, path in paths.items():
        spark_gbert.embed(texts, path, model=TINY, output_precision=form, files=2)
    return paths


def by_pyarrow(path):
    table = pq.read_table(path)
    return {name: table.column(name).to_pylist() for name in table.column_names}


def by_duckdb(path):
    files = [str(file) for file in sorted(Path(path).glob("*.parquet"))]
    relation = duckdb.sql(f"SELECT * FROM read_parquet({files!r})")
    return dict(zip(relation.columns, zip(*relation.fetchall())))


def by_pandas(path):
    frame = pd.read_parquet(path)
    # pandas has NaN, None or NA where a value is missing.
    return {
        name: [None if np.ndim(value) == 0 and pd.isna(value) else value for value in frame[name]]
        for name in frame.columns
    }


READERS = [by_pyarrow, by_duckdb, by_pandas]


def plain(value):
    """A value without the types of its reader."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(element) for element in value]
    return value.item() if isinstance(value, np.generic) else value


@pytest.mark.parametrize("read", READERS)
def test_every_reader_has_the_values_of_spark(spark, tables, form, read, golden):
    expected = {row["id"]: row.asDict() for row in spark.read.parquet(tables[form]).collect()}
    found = read(tables[form])
    assert list(found) == spark.read.parquet(tables[form]).columns
    assert sorted(found["id"]) == sorted(expected) and len(expected) == len(golden) + 1
    for name, values in found.items():
        for number, value in zip(found["id"], values):
            # Bit for bit: a float that another tool read is the double that Spark made of it.
            assert plain(value) == plain(expected[number][name]), (name, number)


@pytest.mark.parametrize("read", READERS)
def test_a_row_without_text_has_nulls(tables, form, read):
    found = read(tables[form])
    missing = list(found["id"]).index(0)
    assert found["embedding_status"][missing] == "empty"
    for name in set(found) & {"text", "embedding", "embedding_scale", "embedding_error"}:
        assert found[name][missing] is None, name
    assert sum(value is None for value in found["embedding"]) == 1


@pytest.mark.parametrize("read", READERS)
def test_floats_are_the_golden_vectors(tables, read, golden):
    found = read(tables["float32"])
    for text, vector in zip(found["text"], found["embedding"]):
        if text is not None:
            assert plain(vector) == pytest.approx(golden[text], abs=1e-4)


@pytest.mark.parametrize("read", READERS)
def test_bytes_times_their_scale_are_the_vectors(tables, read):
    exact = by_pyarrow(tables["float32"])
    vectors = dict(zip(exact["id"], exact["embedding"]))
    found = read(tables["int8"])
    for number, stored, scale in zip(found["id"], found["embedding"], found["embedding_scale"]):
        if stored is not None:
            rounded = np.asarray(stored, dtype=np.int64)
            vector = np.asarray(vectors[number])
            assert np.abs(rounded).max() == 127
            assert scale == pytest.approx(np.abs(vector).max() / 127, rel=1e-6)
            assert np.abs(rounded * scale - vector).max() <= 0.5001 * scale


@pytest.mark.parametrize("read", READERS)
def test_bits_are_those_of_numpy_about_the_mean(tables, read, golden):
    schema = pq.read_schema(next(Path(tables["binary"]).glob("*.parquet")))
    fields = json.loads(schema.metadata[b"org.apache.spark.sql.parquet.row.metadata"])["fields"]
    made = next(field for field in fields if field["name"] == "embedding")["metadata"]["spark_gbert"]
    exact = by_pyarrow(tables["float32"])
    vectors = {number: vector for number, vector in zip(exact["id"], exact["embedding"]) if vector}
    mean = np.mean(list(vectors.values()), axis=0)
    assert made["output_precision"] == "binary"
    assert made["mean"] == pytest.approx(mean, abs=1e-5)
    found = read(tables["binary"])
    for number, bits in zip(found["id"], found["embedding"]):
        if number in vectors:
            expected = np.packbits(np.asarray(vectors[number]) > np.asarray(made["mean"]))
            assert plain(bits) == expected.tobytes()


def test_bits_about_zero_are_those_of_sentence_transformers(tables, texts, tmp_path):
    """quantize_embeddings of sentence-transformers with precision="ubinary" is np.packbits(embeddings > 0)."""
    path = str(tmp_path / "ubinary")
    spark_gbert.embed(texts, path, model=TINY, output_precision="binary", binary_mean="zero")
    exact = by_pyarrow(tables["float32"])
    vectors = {number: vector for number, vector in zip(exact["id"], exact["embedding"]) if vector}
    found = by_pyarrow(path)
    bits = dict(zip(found["id"], found["embedding"]))
    stacked = np.packbits(np.asarray(list(vectors.values())) > 0, axis=1)
    assert [bits[number] for number in vectors] == [row.tobytes() for row in stacked]


def test_the_types_are_those_that_the_readme_names(tables):
    arrow = {form: pq.read_schema(next(Path(path).glob("*.parquet"))) for form, path in tables.items()}
    assert arrow["float32"].field("embedding").type.value_type == pa.float32()
    assert arrow["int8"].field("embedding").type.value_type == pa.int8()
    assert arrow["int8"].field("embedding_scale").type == pa.float32()
    assert arrow["binary"].field("embedding").type == pa.binary()
    duck = {
        form: duckdb.sql(f"SELECT typeof(embedding) FROM '{path}/*.parquet'").limit(1).fetchall()[0][0]
        for form, path in tables.items()
    }
    assert duck["float32"] == "FLOAT[]" and duck["int8"] == "TINYINT[]"
    assert duck["binary"] == "BLOB"
