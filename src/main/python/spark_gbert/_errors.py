"""Errors of the JVM in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from py4j.protocol import Py4JJavaError


class SparkGbertError(RuntimeError):
    """A job failed. Its message is one line: what failed, why, and what was found.

    Wrong input and settings are ``pyspark.errors.IllegalArgumentException`` instead.
    """


@contextmanager
def one_line(jvm: Any) -> Iterator[None]:
    """Turns an error for which PySpark has no class, and which it would show with the JVM's whole
    stack trace, into a :class:`SparkGbertError`."""
    try:
        yield
    except Py4JJavaError as failure:
        raise SparkGbertError(_message(failure.java_exception, jvm)) from None


def _message(error: Any, jvm: Any) -> str:
    """The first message of our own, which is the most helpful one, else Spark's in one line."""
    cause = error
    while cause is not None:
        message = cause.getMessage() or ""
        if message.startswith("Cannot "):
            return message
        cause = cause.getCause()
    return jvm.org.sparkgbert.corpus.SparkErrors.oneLine(error)
