"""Sentence embeddings of German text in Apache Spark, from PySpark.

The work is done in the JVM by spark-gbert's jars; :func:`jars` names them to Spark. The transformer
and the functions of columns work in classic sessions and over Spark Connect, the jobs in classic
sessions.
"""

from org.sparkgbert.embed import SentenceEmbedder

from spark_gbert import functions
from spark_gbert._actions import Clusters, embed, find_clusters, neighbours, score_pairs, search
from spark_gbert._errors import SparkGbertError
from spark_gbert._jars import jars
from spark_gbert._version import __version__

__all__ = [
    "Clusters",
    "SentenceEmbedder",
    "SparkGbertError",
    "__version__",
    "embed",
    "find_clusters",
    "functions",
    "jars",
    "neighbours",
    "score_pairs",
    "search",
]
