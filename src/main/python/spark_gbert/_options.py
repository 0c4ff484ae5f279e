# Made by PythonDeclarationsTest from the declarations in Java, which also checks it. Not to be edited.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict


class EmbedOptions(TypedDict, total=False):
    """Options of :func:`spark_gbert.embed`."""

    format: str
    """Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...; view for the
    name of a table or view of the session. Default: parquet.
    """

    read_option: Mapping[str, str]
    """Option for that data source, such as header=true; repeatable."""

    where: str
    """Condition that selects rows, such as "lang = 'de'"."""

    text_column: str
    """Column with the text, a string. Default: text."""

    keep_columns: str | Sequence[str]
    """Columns of the corpus that the table keeps; all if none is named."""

    embedding_column: str
    """Column for the embedding, and prefix of the columns _status, _tokens and _error. Default:
    embedding.
    """

    output_precision: Literal["float32", "int8", "binary"]
    """Elements of an embedding: float32; int8 for a byte each, with one scale per vector in the
    column _scale; or binary for a bit each, set above the corpus mean. Default: float32.
    """

    binary_mean: Literal["corpus", "zero"]
    """With --output-precision binary, what bits are set above: corpus, the mean of the corpus;
    or zero, as in sentence-transformers' ubinary. Default: corpus.
    """

    output_format: str
    """parquet, or a table format through Spark's writer: iceberg, delta, ... Default: parquet."""

    mode: Literal["error", "overwrite"]
    """error or overwrite: what happens if the table exists. Default: error."""

    keep_old: str
    """How long a replaced Parquet table stays in the directory .NAME.publish beside the new one:
    none, next-run (the next run that writes the table deletes it), or next-run and at least
    30m, 6h, 7d. Default: next-run.
    """

    partition_by: str | Sequence[str]
    """Columns to partition the table by."""

    files: int
    """Number of files of the table; 0 for one per task. At least 0. Default: 0."""

    target_file_size: int | str
    """Target size of a file, such as 256m, instead of --files; 0 for none. Default: 0."""

    partitions: str
    """Number of tasks that encode: auto (at least two per core), keep (as Spark reads the
    corpus, which keeps the order of rows), or a number. Default: auto.
    """

    model: str
    """default, a directory that every node has, a name from --archives, or a Hadoop URI.
    Default: default.
    """

    model_cache: str
    """Directory on each node for bundles copied from Hadoop URIs; in the user's directory for
    caches if empty.
    """

    normalize_unicode: Literal["nfc", "none"]
    """nfc (umlauts become one character) or none. Default: nfc."""

    max_characters: int
    """Maximum number of UTF-16 units read per text. At least 1. Default: 65536."""

    max_seq_length: int
    """Maximum number of tokens per text, at most the model's limit; 0 for that limit. Default:
    0.
    """

    long_text: Literal["cut", "chunks"]
    """cut, or chunks for the token-weighted mean of all parts. Default: cut."""

    normalize: bool
    """Give embeddings unit length; a zero vector stays zero. No change for models that do so
    themselves. Default: false.
    """

    dimensions: int
    """Keep the first N elements of an embedding, at unit length; 0 for all. For models trained
    for it (Matryoshka). Default: 0.
    """

    token_budget: int
    """Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on a
    GPU. Default: 0.
    """

    window_rows: int
    """Number of rows that are sorted and batched together. At least 1. Default: 2048."""

    dedupe: bool
    """true or false: encode equal texts of a window once. Default: true."""

    device: Literal["auto", "cpu", "cuda"]
    """auto, cpu or cuda. Default: auto."""

    threads: int
    """Threads per run on the CPU; 0 for spark.task.cpus. At most 1024. Default: 0."""

    gpu_memory_limit: int | str
    """Maximum GPU memory to use, such as 8g; 0 for no limit. Default: 0."""

    gpu_arena: Literal["next_power_of_two", "same_as_requested"]
    """same_as_requested or next_power_of_two: how the GPU's arena grows. Default:
    same_as_requested.
    """

    max_failed: float
    """Share of rows that may fail; if more fail, nothing is written. From 0 to 1. Default:
    0.001.
    """


class ScorePairsOptions(TypedDict, total=False):
    """Options of :func:`spark_gbert.score_pairs`."""

    format: str
    """Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...; view for the
    name of a table or view of the session. Default: parquet.
    """

    read_option: Mapping[str, str]
    """Option for that data source, such as header=true; repeatable."""

    where: str
    """Condition that selects rows, such as "lang = 'de'"."""

    sentence1_column: str
    """Column with the first sentence of a pair, a string. Default: sentence1."""

    sentence2_column: str
    """Column with the second sentence of a pair, a string. Default: sentence2."""

    embeddings: str
    """Table written by the embed job: pairs are then two ids, which are looked up in it."""

    embeddings2: str
    """Table for the second ids, if it is a different one."""

    id1_column: str
    """Column with the first id of a pair. Default: id1."""

    id2_column: str
    """Column with the second id of a pair. Default: id2."""

    id_column: str
    """Column with the id in tables of embeddings, and in the input of --all-pairs. Default: id."""

    embedding_column: str
    """Column with the embedding in these tables. Default: embedding."""

    allow_mixed_models: bool
    """Compare embeddings even if they are from different models. Default: false."""

    similarity: str | Sequence[Literal["cosine", "dot", "euclidean", "manhattan"]]
    """What to compute: cosine, dot, euclidean, manhattan, several allowed. Default: cosine."""

    drop_embeddings: bool
    """Leave the embeddings out of the table. Default: false."""

    output_format: str
    """parquet, or a table format through Spark's writer: iceberg, delta, ... Default: parquet."""

    mode: Literal["error", "overwrite"]
    """error or overwrite: what happens if the table exists. Default: error."""

    keep_old: str
    """How long a replaced Parquet table stays in the directory .NAME.publish beside the new one:
    none, next-run (the next run that writes the table deletes it), or next-run and at least
    30m, 6h, 7d. Default: next-run.
    """

    partition_by: str | Sequence[str]
    """Columns to partition the table by."""

    files: int
    """Number of files of the table; 0 for one per task. At least 0. Default: 0."""

    target_file_size: int | str
    """Target size of a file, such as 256m, instead of --files; 0 for none. Default: 0."""

    partitions: str
    """Number of tasks that encode: auto (at least two per core), keep (as Spark reads the
    corpus, which keeps the order of rows), or a number. Default: auto.
    """

    model: str
    """default, a directory that every node has, a name from --archives, or a Hadoop URI.
    Default: default.
    """

    model_cache: str
    """Directory on each node for bundles copied from Hadoop URIs; in the user's directory for
    caches if empty.
    """

    normalize_unicode: Literal["nfc", "none"]
    """nfc (umlauts become one character) or none. Default: nfc."""

    max_characters: int
    """Maximum number of UTF-16 units read per text. At least 1. Default: 65536."""

    max_seq_length: int
    """Maximum number of tokens per text, at most the model's limit; 0 for that limit. Default:
    0.
    """

    long_text: Literal["cut", "chunks"]
    """cut, or chunks for the token-weighted mean of all parts. Default: cut."""

    normalize: bool
    """Give embeddings unit length; a zero vector stays zero. No change for models that do so
    themselves. Default: false.
    """

    dimensions: int
    """Keep the first N elements of an embedding, at unit length; 0 for all. For models trained
    for it (Matryoshka). Default: 0.
    """

    token_budget: int
    """Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on a
    GPU. Default: 0.
    """

    window_rows: int
    """Number of rows that are sorted and batched together. At least 1. Default: 2048."""

    dedupe: bool
    """true or false: encode equal texts of a window once. Default: true."""

    device: Literal["auto", "cpu", "cuda"]
    """auto, cpu or cuda. Default: auto."""

    threads: int
    """Threads per run on the CPU; 0 for spark.task.cpus. At most 1024. Default: 0."""

    gpu_memory_limit: int | str
    """Maximum GPU memory to use, such as 8g; 0 for no limit. Default: 0."""

    gpu_arena: Literal["next_power_of_two", "same_as_requested"]
    """same_as_requested or next_power_of_two: how the GPU's arena grows. Default:
    same_as_requested.
    """

    max_failed: float
    """Share of rows that may fail; if more fail, nothing is written. From 0 to 1. Default:
    0.001.
    """


class NeighboursOptions(TypedDict, total=False):
    """Options of :func:`spark_gbert.neighbours`."""

    format: str
    """Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...; view for the
    name of a table or view of the session. Default: parquet.
    """

    read_option: Mapping[str, str]
    """Option for that data source, such as header=true; repeatable."""

    where: str
    """Condition that selects rows, such as "lang = 'de'"."""

    id_column: str
    """Column with the id in tables of embeddings, and in the input of --all-pairs. Default: id."""

    embedding_column: str
    """Column with the embedding in these tables. Default: embedding."""

    similarity: str | Sequence[Literal["cosine", "dot", "euclidean", "manhattan"]]
    """What to compute: cosine, dot, euclidean, manhattan, several allowed. Default: cosine."""

    text_column: str
    """column to encode, if the input has no embedding column. Default: text."""

    top_k: int
    """maximum number of partners per row. At least 1. Default: 10."""

    min_score: float
    """minimum score of a pair."""

    unordered: bool
    """list each pair once, not once for each of its rows. Default: false."""

    block_rows: int
    """rows per block, which bounds memory. From 1 to 16384. Default: 2048."""

    keep_columns: str | Sequence[str]
    """columns to carry along, for both rows of a pair."""

    output_format: str
    """parquet, or a table format through Spark's writer: iceberg, delta, ... Default: parquet."""

    mode: Literal["error", "overwrite"]
    """error or overwrite: what happens if the table exists. Default: error."""

    keep_old: str
    """How long a replaced Parquet table stays in the directory .NAME.publish beside the new one:
    none, next-run (the next run that writes the table deletes it), or next-run and at least
    30m, 6h, 7d. Default: next-run.
    """

    partition_by: str | Sequence[str]
    """Columns to partition the table by."""

    files: int
    """Number of files of the table; 0 for one per task. At least 0. Default: 0."""

    target_file_size: int | str
    """Target size of a file, such as 256m, instead of --files; 0 for none. Default: 0."""

    partitions: str
    """Number of tasks that encode: auto (at least two per core), keep (as Spark reads the
    corpus, which keeps the order of rows), or a number. Default: auto.
    """

    model: str
    """default, a directory that every node has, a name from --archives, or a Hadoop URI.
    Default: default.
    """

    model_cache: str
    """Directory on each node for bundles copied from Hadoop URIs; in the user's directory for
    caches if empty.
    """

    normalize_unicode: Literal["nfc", "none"]
    """nfc (umlauts become one character) or none. Default: nfc."""

    max_characters: int
    """Maximum number of UTF-16 units read per text. At least 1. Default: 65536."""

    max_seq_length: int
    """Maximum number of tokens per text, at most the model's limit; 0 for that limit. Default:
    0.
    """

    long_text: Literal["cut", "chunks"]
    """cut, or chunks for the token-weighted mean of all parts. Default: cut."""

    normalize: bool
    """Give embeddings unit length; a zero vector stays zero. No change for models that do so
    themselves. Default: false.
    """

    dimensions: int
    """Keep the first N elements of an embedding, at unit length; 0 for all. For models trained
    for it (Matryoshka). Default: 0.
    """

    token_budget: int
    """Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on a
    GPU. Default: 0.
    """

    window_rows: int
    """Number of rows that are sorted and batched together. At least 1. Default: 2048."""

    dedupe: bool
    """true or false: encode equal texts of a window once. Default: true."""

    device: Literal["auto", "cpu", "cuda"]
    """auto, cpu or cuda. Default: auto."""

    threads: int
    """Threads per run on the CPU; 0 for spark.task.cpus. At most 1024. Default: 0."""

    gpu_memory_limit: int | str
    """Maximum GPU memory to use, such as 8g; 0 for no limit. Default: 0."""

    gpu_arena: Literal["next_power_of_two", "same_as_requested"]
    """same_as_requested or next_power_of_two: how the GPU's arena grows. Default:
    same_as_requested.
    """

    max_failed: float
    """Share of rows that may fail; if more fail, nothing is written. From 0 to 1. Default:
    0.001.
    """


class SearchOptions(TypedDict, total=False):
    """Options of :func:`spark_gbert.search`."""

    index: str
    """Index of a corpus, as jobs/index.sh makes it, instead of --input: a directory, or a name
    in the catalog.
    """

    probe: int
    """Number of cells of the index that each question asks; if it is left out, what the index
    found on its own held-out questions. At least 1.
    """

    format: str
    """Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...; view for the
    name of a table or view of the session. Default: parquet.
    """

    read_option: Mapping[str, str]
    """Option for that data source, such as header=true; repeatable."""

    where: str
    """Condition that selects rows, such as "lang = 'de'"."""

    query_id_column: str
    """Column with the id of a question: no two have the same, none has null. Default: id."""

    query_column: str
    """Column with the text of a question, which is encoded; if it is left out, the questions
    have embeddings.
    """

    query_prompt: str
    """Text put before each question, instead of the model's own prompt."""

    id_column: str
    """Column of the corpus with the id of a row. Default: id."""

    embedding_column: str
    """Column with the embedding, in the corpus and, without --query-column, in the table of
    questions. Default: embedding.
    """

    text_column: str
    """Column of the corpus with the text to show on the terminal and in the report; if it is
    left out, the one that was embedded.
    """

    keep_columns: str | Sequence[str]
    """Columns of the corpus that the result has besides."""

    similarity: Literal["cosine", "dot"]
    """What rows and questions are compared by: cosine or dot. Default: cosine."""

    top_k: int
    """Maximum number of rows per question. At least 1. Default: 10."""

    min_score: float
    """Minimum score of a row."""

    block_rows: int
    """Rows per block, of the corpus and of questions, which bounds memory. From 1 to 16384.
    Default: 2048.
    """

    output_format: str
    """parquet, or a table format through Spark's writer: iceberg, delta, ... Default: parquet."""

    mode: Literal["error", "overwrite"]
    """error or overwrite: what happens if the table exists. Default: error."""

    keep_old: str
    """How long a replaced Parquet table stays in the directory .NAME.publish beside the new one:
    none, next-run (the next run that writes the table deletes it), or next-run and at least
    30m, 6h, 7d. Default: next-run.
    """

    partition_by: str | Sequence[str]
    """Columns to partition the table by."""

    files: int
    """Number of files of the table; 0 for one per task. At least 0. Default: 0."""

    target_file_size: int | str
    """Target size of a file, such as 256m, instead of --files; 0 for none. Default: 0."""

    partitions: str
    """Number of tasks that encode: auto (at least two per core), keep (as Spark reads the
    corpus, which keeps the order of rows), or a number. Default: auto.
    """

    model: str
    """default, a directory that every node has, a name from --archives, or a Hadoop URI.
    Default: default.
    """

    model_cache: str
    """Directory on each node for bundles copied from Hadoop URIs; in the user's directory for
    caches if empty.
    """

    normalize_unicode: Literal["nfc", "none"]
    """nfc (umlauts become one character) or none. Default: nfc."""

    max_characters: int
    """Maximum number of UTF-16 units read per text. At least 1. Default: 65536."""

    max_seq_length: int
    """Maximum number of tokens per text, at most the model's limit; 0 for that limit. Default:
    0.
    """

    long_text: Literal["cut", "chunks"]
    """cut, or chunks for the token-weighted mean of all parts. Default: cut."""

    normalize: bool
    """Give embeddings unit length; a zero vector stays zero. No change for models that do so
    themselves. Default: false.
    """

    dimensions: int
    """Keep the first N elements of an embedding, at unit length; 0 for all. For models trained
    for it (Matryoshka). Default: 0.
    """

    token_budget: int
    """Maximum number of tokens per batch, padding included; 0 for 512 on a CPU and 16384 on a
    GPU. Default: 0.
    """

    window_rows: int
    """Number of rows that are sorted and batched together. At least 1. Default: 2048."""

    dedupe: bool
    """true or false: encode equal texts of a window once. Default: true."""

    device: Literal["auto", "cpu", "cuda"]
    """auto, cpu or cuda. Default: auto."""

    threads: int
    """Threads per run on the CPU; 0 for spark.task.cpus. At most 1024. Default: 0."""

    gpu_memory_limit: int | str
    """Maximum GPU memory to use, such as 8g; 0 for no limit. Default: 0."""

    gpu_arena: Literal["next_power_of_two", "same_as_requested"]
    """same_as_requested or next_power_of_two: how the GPU's arena grows. Default:
    same_as_requested.
    """


class FindClustersOptions(TypedDict, total=False):
    """Options of :func:`spark_gbert.find_clusters`."""

    format: str
    """Spark's data source of the corpus: parquet, csv, json, orc, iceberg, ...; view for the
    name of a table or view of the session. Default: parquet.
    """

    read_option: Mapping[str, str]
    """Option for that data source, such as header=true; repeatable."""

    where: str
    """Condition that selects rows, such as "lang = 'de'"."""

    embedding_column: str
    """Column with the embedding, an array of floats. Default: embedding."""

    text_column: str
    """Column with the text, for labels, exemplars and the map. Default: text."""

    keep_columns: str | Sequence[str]
    """Columns of the input that assignments keep; all but the embedding if none is named."""

    mode: Literal["error", "overwrite"]
    """error or overwrite: what happens if the directory exists. Default: error."""

    keep_old: str
    """How long a replaced Parquet table stays in the directory .NAME.publish beside the new one:
    none, next-run (the next run that writes the table deletes it), or next-run and at least
    30m, 6h, 7d. Default: next-run.
    """

    assign: str
    """Assign rows to the clusters of an earlier run: its directory, or its model."""

    k: int | str
    """Number of clusters: a number, several to choose the best from, or auto. Default: auto."""

    algorithm: Literal["kmeans", "bisecting"]
    """kmeans (in the driver up to 20000 rows and 10485760 values, rows times dimension, else in
    Spark) or bisecting (bisecting k-means, by MLlib). Default: kmeans.
    """

    distance: Literal["cosine", "euclidean"]
    """cosine (of unit-length vectors) or euclidean. Default: cosine."""

    pca: int
    """Number of principal components that vectors are first reduced to; 0 for none. Default: 0."""

    seed: int
    """Random seed. Default: 42."""

    max_iterations: int
    """Maximum number of iterations per run. At least 1. Default: 100."""

    tolerance: float
    """A run ends when no centroid moves farther than this. At least 0. Default: 1e-4."""

    init_steps: int
    """Steps of the parallel k-means initialization. At least 1. Default: 8."""

    restarts: int
    """Number of runs from different starts, of which the best is kept; 0 for 100 with up to 1000
    rows, 10 with up to 10000, else 3; for the choice of k at most 10. Default: 0.
    """

    sample_rows: int
    """Approximate number of rows in the sample for silhouettes and for the choice of k. At least
    2. Default: 10000.
    """

    label_column: str
    """Column with known labels to compare the clusters with."""

    label_terms: int
    """Number of words that label a cluster. At least 1. Default: 8."""

    exemplars: int
    """Number of texts that represent a cluster. At least 1. Default: 5."""

    map_points: int
    """Maximum number of points on the map. From 1 to 3000. Default: 2000."""
