"""The package itself: jars, wheel, README."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import spark_gbert
from golden import CHECKOUT

PACKAGE = CHECKOUT / "src/main/python"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder as the build leaves it, with empty libraries."""
    folder = tmp_path_factory.mktemp("built")
    names = spark_gbert.jars(CHECKOUT / "target").split(",")
    (folder / "lib").mkdir()
    shutil.copy(names[0], folder)
    for name in names[1:]:
        (folder / "lib" / Path(name).name).touch()
    return folder


def test_jars_are_the_jar_and_its_libraries(built):
    names = [Path(name) for name in spark_gbert.jars(built).split(",")]
    assert all(name.is_absolute() for name in names)
    assert names[0].name == f"spark-gbert-{spark_gbert.__version__}.jar"
    assert {name.parent.name for name in names[1:]} == {"lib"}
    assert any(name.name.startswith("onnxruntime") for name in names)


def test_the_folder_may_be_named_by_a_variable(built, monkeypatch):
    monkeypatch.setenv("SPARK_GBERT_JARS", str(built))
    assert spark_gbert.jars().startswith(str(built))
    printed = subprocess.check_output(
        [sys.executable, "-m", "spark_gbert"], text=True, env={**os.environ, "PYTHONPATH": PACKAGE}
    )
    assert printed == spark_gbert.jars() + "\n"


def test_jars_that_are_missing_are_named(built, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no spark-gbert-.*\.jar, found \[\]; build it"):
        spark_gbert.jars(tmp_path)
    shutil.copytree(built, tmp_path / "built")
    next((tmp_path / "built/lib").glob("tokenizers-*")).unlink()
    next((tmp_path / "built/lib").glob("picocli-*")).unlink()
    with pytest.raises(FileNotFoundError, match="lacks .*picocli.*tokenizers|lacks .*tokenizers.*picocli"):
        spark_gbert.jars(tmp_path / "built")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, built from the tree and unpacked as pip does."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, PACKAGE],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (wheel,) = folder.glob("*.whl")
    assert wheel.name == f"spark_gbert-{spark_gbert.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_has_all_modules_and_no_jar(installed):
    inside = {path.relative_to(installed) for path in installed.rglob("*") if path.is_file()}
    modules = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")}
    assert modules <= inside
    assert Path("spark_gbert/py.typed") in inside
    assert not [path for path in inside if path.suffix == ".jar"]
    assert (PACKAGE / "LICENSE").read_bytes() == (CHECKOUT / "LICENSE").read_bytes()


def test_an_installed_wheel_asks_where_the_jars_are(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    environment.pop("SPARK_GBERT_JARS", None)
    run = subprocess.run(
        [sys.executable, "-m", "spark_gbert"],
        cwd=tmp_path, env=environment, text=True, capture_output=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.startswith("spark-gbert: Cannot give Spark the jars: no folder is known; set SPARK_GBERT_JARS")
    assert run.stderr.count("\n") == 1


def test_the_readme_runs(spark, tmp_path):
    """The snippet of the section PySpark, as it stands."""
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("\n## PySpark\n") :]
    section = section[: section.index("\n## ", 1)]
    (start, snippet) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert "spark_gbert.jars" in start
    articles, clusters = str(tmp_path / "articles"), str(tmp_path / "clusters")
    spark.sql(
        "SELECT * FROM VALUES (1, 'Die Wärmepumpe heizt das Haus.'), (2, 'Der Zug hat Verspätung.'),"
        " (3, 'Die Bahn kommt zu spät.'), (4, 'Die Heizung im Haus ist neu.') AS a(id, body)"
    ).write.parquet(articles)
    names = {"spark": spark, "spark_gbert": spark_gbert}
    # Relative paths would be those of the JVM, which started in another directory.
    exec(snippet.replace('"articles"', repr(articles)).replace('"clusters"', repr(clusters)), names)
    assert names["answers"].count() > 0
    assert names["found"].clusters.count() == 2
