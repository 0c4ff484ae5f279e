"""Executes a notebook and compares its text outputs with the committed ones: execute.py MODE NOTEBOOK EXECUTED.

MODE is run (no comparison), compare (outdated outputs are a failure) or update (NOTEBOOK gets the new outputs).
"""

import base64
import difflib
import io
import re
import shutil
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image
from traitlets.config import Config

# Far above what another processor does to a figure, far below what a change of the code does.
TOLERANCE = 2e-3

# Tag of cells with outputs that rest on rounding: a local optimum of k-means, the rank of a score, a count of rows above
# a limit. Another processor rounds int8 products otherwise.
MACHINE_DEPENDENT = "machine-dependent"

COLOURS = re.compile(r"\x1b\[[0-9;]*m")

NUMBER = re.compile(r"[-+]?\d*\.\d+(?:[eE][-+]?\d+)?")


def small_picture(png):
    """A PNG, as base64, with 256 colours in place of 16 million: a third of the size."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    small = io.BytesIO()
    picture.quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return base64.b64encode(small.getvalue()).decode("ascii")


def shrink_pictures(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = small_picture(data["image/png"])


def execute(path):
    notebook = nbformat.read(path, as_version=4)
    # The kernel listens on local ports: encrypted, where its libraries can do that.
    config = Config({"KernelManager": {"transport_encryption": "auto"}})
    client = NotebookClient(
        notebook,
        config=config,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    shrink_pictures(notebook)
    # The version of Python that happened to be there.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def text_of(cell):
    """What a cell printed and returned, as text; pictures stand in it by their size."""
    texts = []
    for output in cell.outputs:
        texts.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def words_and_numbers(text):
    """Text with its decimal numbers taken out, white space apart, and those numbers."""
    words = " ".join(NUMBER.sub("#", text).split())
    return re.sub(r"-{2,}", "-", words), [float(number) for number in NUMBER.findall(text)]


def agree(committed, executed):
    committed_words, committed_numbers = words_and_numbers(committed)
    executed_words, executed_numbers = words_and_numbers(executed)
    return committed_words == executed_words and all(
        abs(a - b) <= TOLERANCE * max(1, abs(a)) for a, b in zip(committed_numbers, executed_numbers)
    )


def warnings_in(notebook):
    """Ids of cells that wrote to standard error."""
    return [
        cell["id"]
        for cell in notebook.cells
        if cell.cell_type == "code" and any(output.get("name") == "stderr" for output in cell.outputs)
    ]


def outdated(committed, executed):
    """Pairs of cells, committed and executed, that differ in their outputs."""
    return [
        (old, new)
        for old, new in zip(committed.cells, executed.cells, strict=True)
        if new.cell_type == "code" and not agree(text_of(old), text_of(new))
    ]


def show_difference(old, new):
    lines = difflib.unified_diff(
        text_of(old).splitlines(), text_of(new).splitlines(), "committed", "executed", lineterm="", n=1
    )
    print("\n".join(lines))


def compare(committed, executed):
    """Number of cells with outdated outputs, each of which is shown."""
    failures = 0
    for old, new in outdated(committed, executed):
        if MACHINE_DEPENDENT in new.metadata.get("tags", []):
            print(f"Cell {new['id']} has other outputs here, as another processor may give; that is no failure")
        else:
            failures += 1
            print(f"Cell {new['id']} has outputs other than the committed ones:")
            show_difference(old, new)
    return failures


def main(mode, notebook, target):
    try:
        executed = execute(notebook)
    except CellExecutionError as failure:
        sys.exit(f"spark-gbert: Cannot run the notebook: a cell failed\n{COLOURS.sub('', str(failure))}")
    nbformat.write(executed, target)
    if noisy := warnings_in(executed):
        sys.exit(f"spark-gbert: Cannot accept the notebook: cells must not warn, found warnings of {', '.join(noisy)}")
    if mode == "update":
        shutil.copyfile(target, notebook)
    elif mode == "compare" and (failures := compare(nbformat.read(notebook, as_version=4), executed)):
        sys.exit(
            f"spark-gbert: Cannot accept the notebook: its outputs are outdated, found {failures} cells; "
            "run notebooks/run.sh --update"
        )
    print(f"The notebook ran: {target}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
