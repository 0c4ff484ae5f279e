"""What the tests of both kinds of session share."""

import json

import pytest
import spark_gbert
from golden import read_golden


@pytest.fixture(scope="session")
def spark(builder):
    """A session of the kind that is tested, started with the jars that the package names."""
    session = (
        builder.config("spark.jars", spark_gbert.jars())
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="session")
def golden():
    """Golden texts and their embeddings."""
    return read_golden()


@pytest.fixture(scope="session")
def frame(spark, tmp_path_factory):
    """Makes a DataFrame of one partition from a schema and rows: by a file, since Spark would start
    a Python process for rows of Python whenever it reads them."""

    def make(schema, rows):
        names = [column.split()[0] for column in schema.split(", ")]
        file = tmp_path_factory.mktemp("frame") / "rows.json"
        lines = (json.dumps(dict(zip(names, row))) + "\n" for row in rows)
        file.write_text("".join(lines), encoding="utf-8")
        return spark.read.schema(schema).json(str(file))

    return make


@pytest.fixture(scope="session")
def texts(frame, golden):
    """The golden texts with ids from 1, and a row without text."""
    return frame("id int, text string", [*enumerate(golden, 1), (0, None)])
