import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def builder():
    """A session, as the README starts it."""
    return SparkSession.builder.master("local[2]")
