"""Functions of columns, in classic sessions and over Spark Connect.

They need spark-gbert's jars in the session (over Spark Connect: in the server), nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql.functions import call_function, lit

from spark_gbert._vector_functions import (
    vector_cosine_similarity,
    vector_inner_product,
    vector_l1_distance,
    vector_l2_distance,
)

if TYPE_CHECKING:
    from pyspark.sql import Column

__all__ = [
    "embed_text",
    "embed_text_error",
    "embed_text_status",
    "vector_cosine_similarity",
    "vector_inner_product",
    "vector_l1_distance",
    "vector_l2_distance",
]


def embed_text(text: Column | str, model: str | None = None) -> Column:
    """The embedding of a text, an array<float> as long as the model's dimension.

    Texts are encoded in windows and batches by an operator of the plan, equal calls once.

    :param text: column, or its name, of strings; null and blank ones have no embedding (null), and
        neither has one that cannot be encoded, see :func:`embed_text_error`
    :param model: a bundle; by default the session's ``spark.gbert.model``, else ``default``
    """
    return _call("embed_text", text, model)


def embed_text_status(text: Column | str, model: str | None = None) -> Column:
    """What became of a text: ``ok``, ``truncated``, ``empty`` or ``failed``.

    Shares the encoding of :func:`embed_text` of the same text and model.
    """
    return _call("embed_text_status", text, model)


def embed_text_error(text: Column | str, model: str | None = None) -> Column:
    """Why a text could not be encoded, else null.

    Shares the encoding of :func:`embed_text` of the same text and model.
    """
    return _call("embed_text_error", text, model)


def _call(function: str, text: Column | str, model: str | None) -> Column:
    return call_function(function, text, *([] if model is None else [lit(model)]))
