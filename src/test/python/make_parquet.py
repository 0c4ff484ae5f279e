"""Makes Parquet files that Spark does not write: src/test/resources/parquet. Needs pyarrow.

python3 src/test/python/make_parquet.py
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

out = Path(__file__).parents[1] / "resources" / "parquet"
out.mkdir(exist_ok=True)
table = pa.table({"id": [1, 2], "text": ["Guten Morgen", "Der Hund bellt."]})
pq.write_table(table, out / "brotli.parquet", compression="brotli")
pq.write_table(
    table,
    out / "split.parquet",
    use_dictionary=False,
    column_encoding={"id": "BYTE_STREAM_SPLIT", "text": "PLAIN"},
)
