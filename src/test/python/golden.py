"""The tiny bundle of the tests, and its embeddings made without Spark."""

import json
import unicodedata
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]

#: A bundle with random weights and 32 dimensions.
TINY = str(CHECKOUT / "src/test/resources/tiny-bert")


def read_golden():
    """Texts and their embeddings; those only that are in NFC, into which texts are brought."""
    lines = Path(TINY, "golden.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return {
        row["text"]: row["embedding"]
        for row in rows
        if unicodedata.is_normalized("NFC", row["text"])
    }


def assert_golden(rows, golden, column="embedding"):
    """Every text has the embedding that it had without Spark, and the one row without text none."""
    for row in rows:
        if row["text"] is None:
            assert row[column] is None
        else:
            assert row[column] == pytest.approx(golden[row["text"]], abs=1e-4), row["text"]
    assert len(rows) == len(golden) + 1
