"""A call of an action in the JVM."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any

from py4j.java_gateway import JavaPackage
from pyspark.sql import DataFrame, SparkSession
from pyspark.storagelevel import StorageLevel

from spark_gbert._errors import one_line


class Job:
    """Settings as texts by name, an action that runs with them, and the table that it wrote.

    As a context it drops the views of DataFrames at its end, and turns errors into one line.
    """

    def __init__(self, what: str, output: str | None, options: Mapping[str, Any], *sources: Any):
        """With options as the user gave them.

        :param what: what is done, as in "Cannot search"
        :param sources: what is read; the first DataFrame among them has the session
        """
        self._what = what
        self._spark = self._session(sources)
        self.jvm: Any = self._spark._jvm
        self._texts = {
            name.replace("_", "-"): _texts(value)
            for name, value in options.items()
            if value is not None
        }
        self._given: set[str] = set()
        self._end = ExitStack()
        self.output = output or self._temporary_output()
        self.give("output", self.output)

    def _session(self, sources: tuple[Any, ...]) -> SparkSession:
        frames = [source for source in sources if isinstance(source, DataFrame)]
        spark = frames[0].sparkSession if frames else SparkSession.active()
        if not hasattr(spark, "_jsparkSession"):
            raise RuntimeError(
                f"Cannot {self._what}: jobs need a classic session, found one of Spark Connect; "
                "SentenceEmbedder and spark_gbert.functions work there"
            )
        if isinstance(spark._jvm.org.sparkgbert.action.Progress, JavaPackage):
            raise RuntimeError(
                f"Cannot {self._what}: the session has no spark-gbert; "
                "start it with spark.jars set to spark_gbert.jars()"
            )
        return spark

    def _temporary_output(self) -> str:
        """A directory of this machine only serves executors on it."""
        master = self._spark.sparkContext.master
        if not (master == "local" or master.startswith("local[")):
            raise ValueError(
                f"Cannot {self._what}: output has to be given in a session on a cluster, "
                f"found master {master}"
            )
        folder = tempfile.mkdtemp(prefix="spark-gbert-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return f"{folder}/table"

    def __enter__(self) -> Job:
        self._end.enter_context(one_line(self.jvm))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return self._end.__exit__(kind, error, trace)

    def give(self, name: str, value: Any) -> None:
        """Sets what the function itself has to say.

        :raises TypeError: if the user said it by its option too
        """
        if name in self._texts:
            raise TypeError(f"Cannot {self._what}: '{name}' is no option of this function")
        self._texts[name] = _texts(value)
        self._given.add(name)

    def read(self, rows: Any) -> None:
        """Sets the input."""
        if isinstance(rows, DataFrame):
            self.give("format", "view")
            self.give("input", self.view(rows))
        else:
            self.give("input", rows)

    def view(self, rows: DataFrame) -> str:
        """The name of a view of rows, which are computed once."""
        return self._end.enter_context(_view(rows))

    def settings(self, known: Any, options: type) -> Any:
        """All settings, as Java reads them.

        :param known: the action's settings in Java
        :param options: those that the function has, by name
        """
        offered = [
            setting
            for setting in known
            if setting.name() in self._given
            or setting.name().replace("-", "_") in options.__annotations__
        ]
        return self.jvm.org.sparkgbert.settings.Settings.parseLists(self._texts, offered)

    def run(self, action: Any) -> Any:
        """Runs an action and returns its result."""
        return action.run(self._spark._jsparkSession, self.jvm.org.sparkgbert.action.Progress.NONE)

    def table(self, name: str | None = None) -> DataFrame:
        """What the action wrote, or a table in it."""
        path = self.output if name is None else f"{self.output}/{name}"
        source = self._texts.get("output-format", ["parquet"])[0]
        if source != "parquet" and not ("/" in path or ":" in path):
            return self._spark.table(path)
        reader = self.jvm.org.sparkgbert.corpus.InputPaths.literally(self._spark._jsparkSession)
        return DataFrame(reader.format(source).load(path), self._spark)


@contextmanager
def _view(rows: DataFrame) -> Iterator[str]:
    cached = rows.storageLevel != StorageLevel.NONE
    name = f"spark_gbert_{uuid.uuid4().hex}"
    if not cached:
        rows.persist(StorageLevel.DISK_ONLY)
    # When a view is dropped, Spark takes its plan out of the cache: hence a plan of its own.
    rows.where("true").createOrReplaceTempView(name)
    try:
        yield name
    finally:
        rows.sparkSession.catalog.dropTempView(name)
        if not cached:
            rows.unpersist()


def _texts(value: Any) -> list[str]:
    """A value as Java parses it."""
    if isinstance(value, Mapping):
        return [f"{key}={each}" for key, each in value.items()]
    if isinstance(value, (list, tuple)):
        return [_text(each) for each in value]
    return [_text(value)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
