"""The transformer. Its module has the name of the Java package, by which MLlib's readers find it:
in pipelines that Java saved, and over Spark Connect. Import it from ``spark_gbert``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

from org.sparkgbert._params import SentenceEmbedderArguments, SentenceEmbedderParams

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

__all__ = ["SentenceEmbedder"]

_JAVA_CLASS = "org.sparkgbert.embed.SentenceEmbedder"


class SentenceEmbedder(
    JavaTransformer, SentenceEmbedderParams, JavaMLReadable["SentenceEmbedder"], JavaMLWritable
):
    """Adds sentence embeddings to a DataFrame, batch or streaming; a stage of MLlib pipelines.

    >>> SentenceEmbedder(inputCol="body", maxSeqLength=128).transform(articles)

    Rows in = rows out, in the same order inside a partition, all columns as they are. Four columns
    are added: ``outputCol``, an array<float> as long as the model's dimension, null for null and
    blank texts; and by its name with ``_status`` (ok, truncated, empty, failed), ``_tokens`` and
    ``_error``. The metadata of the embedding's column say what made it.

    :raises pyspark.errors.IllegalArgumentException: when it transforms, if the text's column is
        missing or no string, the DataFrame already has one of the new columns, a Param is out of
        range, or the model cannot be opened
    """

    def __init__(self, **params: Unpack[SentenceEmbedderArguments]) -> None:
        """With the default model, unless Params say otherwise; needs a session.

        :raises RuntimeError: if the session has not spark-gbert's jars
        :raises TypeError: if there is no such Param, or a value is of the wrong type
        """
        super().__init__()
        try:
            self._java_obj = self._new_java_obj(_JAVA_CLASS, self.uid)
        except TypeError:  # PySpark takes a class that is not there for a package
            raise RuntimeError(
                f"Cannot make a SentenceEmbedder: the session has no class {_JAVA_CLASS}; "
                "start it with spark.jars set to spark_gbert.jars()"
            ) from None
        self._setDefault(**self._DEFAULTS)
        self.setParams(**params)

    def setParams(self, **params: Unpack[SentenceEmbedderArguments]) -> Self:
        """Sets several Params.

        :raises TypeError: if there is no such Param, or a value is of the wrong type
        """
        for name in params:
            if name not in self._DEFAULTS:
                raise TypeError(
                    f"Cannot set Param '{name}': there is none, found {', '.join(self._DEFAULTS)}"
                )
        return self._set(**params)
