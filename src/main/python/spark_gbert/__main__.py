"""Prints the jars for ``--jars``: ``python -m spark_gbert [FOLDER]``."""

import sys

from spark_gbert._jars import jars

try:
    print(jars(*sys.argv[1:2]))
except FileNotFoundError as missing:
    sys.exit(f"spark-gbert: {missing}")
