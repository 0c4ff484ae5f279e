import pytest
import spark_gbert
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark():
    """A session with the jars that the package names, as the README starts it."""
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", spark_gbert.jars())
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield session
    session.stop()
