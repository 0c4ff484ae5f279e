"""Where the jars are."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from spark_gbert._version import __version__

#: Names the folder with the jars.
FOLDER_VARIABLE = "SPARK_GBERT_JARS"

_JAR = f"spark-gbert-{__version__}.jar"


def jars(folder: str | os.PathLike[str] | None = None) -> str:
    """The jars that Spark needs, with commas between them, for ``spark.jars`` and ``--jars``.

    :param folder: the folder with ``spark-gbert-VERSION.jar`` and its folder ``lib``, which is
        ``target`` of a checkout that was built. By default that which the environment variable
        ``SPARK_GBERT_JARS`` names, else, where this package is imported from a checkout, that of
        the checkout.
    :raises FileNotFoundError: if no folder is known, or it lacks a jar; the message names it
    """
    place = _folder(folder)
    jar = place / _JAR
    if not jar.is_file():
        found = sorted(path.name for path in place.glob("spark-gbert-*.jar"))
        raise FileNotFoundError(
            f"Cannot give Spark the jars: {place} has no {_JAR}, found {found}; "
            "build it by mvn -q package -DskipTests, or name another folder"
        )
    libraries = [place / name for name in _class_path(jar)]
    missing = [path.name for path in libraries if not path.is_file()]
    if missing:
        raise FileNotFoundError(
            f"Cannot give Spark the jars: {place / 'lib'} lacks {', '.join(missing)}; "
            "copy it whole, or build it by mvn -q package -DskipTests"
        )
    return ",".join(str(path) for path in (jar, *libraries))


def _folder(folder: str | os.PathLike[str] | None) -> Path:
    named = folder or os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).absolute()
    checkout = Path(__file__).resolve().parents[4:5]
    if checkout and (checkout[0] / "pom.xml").is_file():
        return checkout[0] / "target"
    raise FileNotFoundError(
        f"Cannot give Spark the jars: no folder is known; set {FOLDER_VARIABLE} to the one with "
        f"{_JAR} and lib, or give it as argument"
    )


def _class_path(jar: Path) -> list[str]:
    """The libraries that a jar's manifest names, relative to its folder."""
    with zipfile.ZipFile(jar) as archive:
        manifest = archive.read("META-INF/MANIFEST.MF").decode("utf-8")
    # Lines go on behind a line break and a space.
    for line in manifest.replace("\r\n ", "").replace("\n ", "").splitlines():
        if line.startswith("Class-Path: "):
            return line.removeprefix("Class-Path: ").split()
    return []
