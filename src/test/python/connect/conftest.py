import pytest
import spark_gbert
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark():
    """A client of Spark Connect, and a server on this machine that was started with the jars."""
    session = (
        SparkSession.builder.remote("local[2]")
        .config("spark.jars", spark_gbert.jars())
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield session
    session.stop()
