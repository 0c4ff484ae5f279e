# Made by PythonDeclarationsTest from the declarations in Java, which also checks it. Not to be edited.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pyspark.ml.param import Param, Params, TypeConverters

if TYPE_CHECKING:
    from typing_extensions import Self


class SentenceEmbedderArguments(TypedDict, total=False):
    """Values of Params of a SentenceEmbedder, by their names."""

    inputCol: str
    outputCol: str
    model: str
    modelCache: str
    normalizeUnicode: Literal["nfc", "none"]
    maxCharacters: int
    maxSeqLength: int
    longText: Literal["cut", "chunks"]
    normalize: bool
    dimensions: int
    tokenBudget: int
    windowRows: int
    dedupe: bool
    device: Literal["auto", "cpu", "cuda"]
    threads: int
    gpuMemoryLimit: int
    gpuArena: Literal["next_power_of_two", "same_as_requested"]


class SentenceEmbedderParams(Params):
    """The Params of a SentenceEmbedder: declaration, setter and getter of each."""

    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "Column with the text, a string.",
        TypeConverters.toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "Column for the embedding, and prefix of the columns _status, _tokens and _error.",
        TypeConverters.toString,
    )
    model: Param[str] = Param(
        Params._dummy(),
        "model",
        "default, a directory that every node has, a name from --archives, or a Hadoop URI.",
        TypeConverters.toString,
    )
    modelCache: Param[str] = Param(
        Params._dummy(),
        "modelCache",
        "Directory on each node for bundles copied from Hadoop URIs; in the user's directory for "
        "caches if empty.",
        TypeConverters.toString,
    )
    normalizeUnicode: Param[str] = Param(
        Params._dummy(),
        "normalizeUnicode",
        "nfc (umlauts become one character) or none.",
        TypeConverters.toString,
    )
    maxCharacters: Param[int] = Param(
        Params._dummy(),
        "maxCharacters",
        "Maximum number of UTF-16 units read per text. At least 1.",
        TypeConverters.toInt,
    )
    maxSeqLength: Param[int] = Param(
        Params._dummy(),
        "maxSeqLength",
        "Maximum number of tokens per text, at most the model's limit; 0 for that limit.",
        TypeConverters.toInt,
    )
    longText: Param[str] = Param(
        Params._dummy(),
        "longText",
        "cut, or chunks for the token-weighted mean of all parts.",
        TypeConverters.toString,
    )
    normalize: Param[bool] = Param(
        Params._dummy(),
        "normalize",
        "Give embeddings unit length; a zero vector stays zero. No change for models that do so "
        "themselves.",
        TypeConverters.toBoolean,
    )
    dimensions: Param[int] = Param(
        Params._dummy(),
        "dimensions",
        "Keep the first N elements of an embedding, at unit length; 0 for all. For models trained "
        "for it (Matryoshka).",
        TypeConverters.toInt,
    )
    tokenBudget: Param[int] = Param(
        Params._dummy(),
        "tokenBudget",
        "Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on a "
        "GPU.",
        TypeConverters.toInt,
    )
    windowRows: Param[int] = Param(
        Params._dummy(),
        "windowRows",
        "Number of rows that are sorted and batched together. At least 1.",
        TypeConverters.toInt,
    )
    dedupe: Param[bool] = Param(
        Params._dummy(),
        "dedupe",
        "true or false: encode equal texts of a window once.",
        TypeConverters.toBoolean,
    )
    device: Param[str] = Param(
        Params._dummy(),
        "device",
        "auto, cpu or cuda.",
        TypeConverters.toString,
    )
    threads: Param[int] = Param(
        Params._dummy(),
        "threads",
        "Threads per run on the CPU; 0 for spark.task.cpus. At most 1024.",
        TypeConverters.toInt,
    )
    gpuMemoryLimit: Param[int] = Param(
        Params._dummy(),
        "gpuMemoryLimit",
        "Maximum GPU memory to use, such as 8g; 0 for no limit.",
        TypeConverters.toInt,
    )
    gpuArena: Param[str] = Param(
        Params._dummy(),
        "gpuArena",
        "same_as_requested or next_power_of_two: how the GPU's arena grows.",
        TypeConverters.toString,
    )

    #: Defaults by name.
    _DEFAULTS: dict[str, Any] = {
        "inputCol": "text",
        "outputCol": "embedding",
        "model": "default",
        "modelCache": "",
        "normalizeUnicode": "nfc",
        "maxCharacters": 65536,
        "maxSeqLength": 0,
        "longText": "cut",
        "normalize": False,
        "dimensions": 0,
        "tokenBudget": 0,
        "windowRows": 2048,
        "dedupe": True,
        "device": "auto",
        "threads": 0,
        "gpuMemoryLimit": 0,
        "gpuArena": "same_as_requested",
    }

    def setInputCol(self, value: str) -> Self:
        """Column with the text, a string. Default: "text"."""
        return self._set(inputCol=value)

    def getInputCol(self) -> str:
        """The value of inputCol, or its default."""
        return self.getOrDefault(self.inputCol)

    def setOutputCol(self, value: str) -> Self:
        """Column for the embedding, and prefix of the columns _status, _tokens and _error.
        Default: "embedding".
        """
        return self._set(outputCol=value)

    def getOutputCol(self) -> str:
        """The value of outputCol, or its default."""
        return self.getOrDefault(self.outputCol)

    def setModel(self, value: str) -> Self:
        """default, a directory that every node has, a name from --archives, or a Hadoop URI.
        Default: "default".
        """
        return self._set(model=value)

    def getModel(self) -> str:
        """The value of model, or its default."""
        return self.getOrDefault(self.model)

    def setModelCache(self, value: str) -> Self:
        """Directory on each node for bundles copied from Hadoop URIs; in the user's directory
        for caches if empty. Default: "".
        """
        return self._set(modelCache=value)

    def getModelCache(self) -> str:
        """The value of modelCache, or its default."""
        return self.getOrDefault(self.modelCache)

    def setNormalizeUnicode(self, value: Literal["nfc", "none"]) -> Self:
        """nfc (umlauts become one character) or none. Default: "nfc"."""
        return self._set(normalizeUnicode=value)

    def getNormalizeUnicode(self) -> str:
        """The value of normalizeUnicode, or its default."""
        return self.getOrDefault(self.normalizeUnicode)

    def setMaxCharacters(self, value: int) -> Self:
        """Maximum number of UTF-16 units read per text. At least 1. Default: 65536."""
        return self._set(maxCharacters=value)

    def getMaxCharacters(self) -> int:
        """The value of maxCharacters, or its default."""
        return self.getOrDefault(self.maxCharacters)

    def setMaxSeqLength(self, value: int) -> Self:
        """Maximum number of tokens per text, at most the model's limit; 0 for that limit.
        Default: 0.
        """
        return self._set(maxSeqLength=value)

    def getMaxSeqLength(self) -> int:
        """The value of maxSeqLength, or its default."""
        return self.getOrDefault(self.maxSeqLength)

    def setLongText(self, value: Literal["cut", "chunks"]) -> Self:
        """cut, or chunks for the token-weighted mean of all parts. Default: "cut"."""
        return self._set(longText=value)

    def getLongText(self) -> str:
        """The value of longText, or its default."""
        return self.getOrDefault(self.longText)

    def setNormalize(self, value: bool) -> Self:
        """Give embeddings unit length; a zero vector stays zero. No change for models that do so
        themselves. Default: False.
        """
        return self._set(normalize=value)

    def getNormalize(self) -> bool:
        """The value of normalize, or its default."""
        return self.getOrDefault(self.normalize)

    def setDimensions(self, value: int) -> Self:
        """Keep the first N elements of an embedding, at unit length; 0 for all. For models
        trained for it (Matryoshka). Default: 0.
        """
        return self._set(dimensions=value)

    def getDimensions(self) -> int:
        """The value of dimensions, or its default."""
        return self.getOrDefault(self.dimensions)

    def setTokenBudget(self, value: int) -> Self:
        """Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on
        a GPU. Default: 0.
        """
        return self._set(tokenBudget=value)

    def getTokenBudget(self) -> int:
        """The value of tokenBudget, or its default."""
        return self.getOrDefault(self.tokenBudget)

    def setWindowRows(self, value: int) -> Self:
        """Number of rows that are sorted and batched together. At least 1. Default: 2048."""
        return self._set(windowRows=value)

    def getWindowRows(self) -> int:
        """The value of windowRows, or its default."""
        return self.getOrDefault(self.windowRows)

    def setDedupe(self, value: bool) -> Self:
        """true or false: encode equal texts of a window once. Default: True."""
        return self._set(dedupe=value)

    def getDedupe(self) -> bool:
        """The value of dedupe, or its default."""
        return self.getOrDefault(self.dedupe)

    def setDevice(self, value: Literal["auto", "cpu", "cuda"]) -> Self:
        """auto, cpu or cuda. Default: "auto"."""
        return self._set(device=value)

    def getDevice(self) -> str:
        """The value of device, or its default."""
        return self.getOrDefault(self.device)

    def setThreads(self, value: int) -> Self:
        """Threads per run on the CPU; 0 for spark.task.cpus. At most 1024. Default: 0."""
        return self._set(threads=value)

    def getThreads(self) -> int:
        """The value of threads, or its default."""
        return self.getOrDefault(self.threads)

    def setGpuMemoryLimit(self, value: int) -> Self:
        """Maximum GPU memory to use, such as 8g; 0 for no limit. Default: 0."""
        return self._set(gpuMemoryLimit=value)

    def getGpuMemoryLimit(self) -> int:
        """The value of gpuMemoryLimit, or its default."""
        return self.getOrDefault(self.gpuMemoryLimit)

    def setGpuArena(self, value: Literal["next_power_of_two", "same_as_requested"]) -> Self:
        """same_as_requested or next_power_of_two: how the GPU's arena grows. Default:
        "same_as_requested".
        """
        return self._set(gpuArena=value)

    def getGpuArena(self) -> str:
        """The value of gpuArena, or its default."""
        return self.getOrDefault(self.gpuArena)
