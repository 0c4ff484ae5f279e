import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def builder():
    """A client of Spark Connect, and a server on this machine."""
    return SparkSession.builder.remote("local[2]")
