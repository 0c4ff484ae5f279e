"""The jobs, on DataFrames. Settings are checked, and the work is done, by the actions in Java."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from pyspark.sql import DataFrame

from spark_gbert._job import Job
from spark_gbert._options import (
    EmbedOptions,
    FindClustersOptions,
    NeighboursOptions,
    ScorePairsOptions,
    SearchOptions,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

#: Rows that a job reads: a DataFrame, or paths or the name of a table, which it reads itself.
Rows = Union[DataFrame, str, Sequence[str]]


class Clusters(NamedTuple):
    """What :func:`find_clusters` found."""

    assignments: DataFrame
    """The rows with ``cluster``, ``distance`` and ``cluster_rank``, without the embedding."""

    clusters: DataFrame
    """A row for each cluster: size, cohesion, labels, exemplars, nearest cluster."""

    centroids: DataFrame
    """``cluster`` and ``centroid``."""

    quality: dict[str, Any]
    """The figures of ``quality.json``."""

    directory: str
    """Where everything lies, the model too; ``assign`` of another call takes it."""


def embed(rows: Rows, output: str | None = None, **options: Unpack[EmbedOptions]) -> DataFrame:
    """Embeds texts and publishes a table, whose manifest the other jobs and ``jobs/check.sh`` read.

    Without a table, :class:`SentenceEmbedder` does the same.

    :param rows: a DataFrame with ``text``, or paths or a table of it
    :param output: the table to write; see below
    :param options: those of ``jobs/embed.sh``, with underscores; see ``EmbedOptions``
    :return: the rows with ``embedding``, an array<float> as long as the model's dimension, and by
        its name with ``_status``, ``_tokens`` and ``_error``

    Every job writes a table, with what made it, and returns a DataFrame that reads it. Without
    ``output``, in a session on this machine only, it lies in a temporary directory that is deleted
    when Python ends.

    A DataFrame is kept on the executors' disks while the job runs, unless it is cached already. Its
    columns have the provenance that its schema tells: of paths, each file is asked.

    :raises pyspark.errors.IllegalArgumentException: for wrong input and settings, by name
    :raises SparkGbertError: if the job fails
    """
    with Job("embed", output, options, rows) as job:
        package = job.jvm.org.sparkgbert.embed
        job.read(rows)
        settings = job.settings(package.EmbedOptions.ALL, EmbedOptions)
        job.run(package.EmbedCorpus(package.EmbedSettings.of(settings)))
        return job.table()


def score_pairs(
    pairs: Rows, output: str | None = None, **options: Unpack[ScorePairsOptions]
) -> DataFrame:
    """Scores pairs of sentences, or of ids that are looked up in tables of embeddings.

    Each distinct sentence is encoded once.

    :param pairs: a DataFrame with ``sentence1`` and ``sentence2``, or paths or a table of them
    :param output: as for :func:`embed`
    :param options: those of ``jobs/sts.sh``; see ``ScorePairsOptions``
    :return: the pairs with a column for each similarity, such as ``cosine_similarity``, and
        ``similarity_status``
    :raises pyspark.errors.IllegalArgumentException: for wrong input and settings, by name
    :raises SparkGbertError: if the job fails
    """
    with Job("score pairs", output, options, pairs) as job:
        sts = job.jvm.org.sparkgbert.sts
        job.read(pairs)
        settings = job.settings(sts.PairOptions.SCORING, ScorePairsOptions)
        job.run(sts.ScorePairs(sts.ScoreSettings.of(settings)))
        return job.table()


def neighbours(
    rows: Rows, output: str | None = None, **options: Unpack[NeighboursOptions]
) -> DataFrame:
    """Finds the best partners of each row among the other rows.

    :param rows: a DataFrame with ``id`` and ``embedding``, or ``text``, which is then encoded; or
        paths or a table of them
    :param output: as for :func:`embed`
    :param options: those of ``jobs/sts.sh --all-pairs``; see ``NeighboursOptions``
    :return: at most ``top_k`` rows per row: ``id``, ``partner_id``, ``rank`` from 1, the score,
        such as ``cosine_similarity``, and the columns to keep, of both
    :raises pyspark.errors.IllegalArgumentException: for wrong input and settings, by name
    :raises SparkGbertError: if the job fails
    """
    with Job("find neighbours", output, options, rows) as job:
        package = job.jvm.org.sparkgbert.search
        job.read(rows)
        settings = job.settings(package.NeighbourOptions.FINDING, NeighboursOptions)
        job.run(package.FindNeighbours(package.FindNeighboursSettings.of(settings)))
        return job.table()


def search(
    questions: DataFrame | str | Sequence[str],
    rows: Rows | None = None,
    output: str | None = None,
    **options: Unpack[SearchOptions],
) -> DataFrame:
    """Searches rows, or an index of them, for those that are nearest to questions.

    :param questions: texts, which are numbered from 1; or a DataFrame with ``id``, and either a
        text, which ``query_column`` names, or ``embedding``
    :param rows: a DataFrame with ``id`` and ``embedding``, or paths or a table of them; None if
        ``index`` is given
    :param output: as for :func:`embed`
    :param options: those of ``jobs/search.sh``; see ``SearchOptions``
    :return: ``query_id``, ``rank`` from 1, ``score``, the id, and ``keep_columns``
    :raises pyspark.errors.IllegalArgumentException: for wrong input and settings, by name
    :raises SparkGbertError: if the job fails
    """
    with Job("search", output, options, questions, rows) as job:
        package = job.jvm.org.sparkgbert.search
        if rows is not None:
            job.read(rows)
        if isinstance(questions, DataFrame):
            job.give("queries", job.view(questions))
            job.give("queries-format", "view")
        else:
            job.give("query", questions)
        settings = job.settings(package.SearchOptions.ALL, SearchOptions)
        job.run(package.SearchCorpus(package.SearchSettings.of(settings)))
        return job.table()


def find_clusters(
    rows: Rows, output: str | None = None, **options: Unpack[FindClustersOptions]
) -> Clusters:
    """Clusters rows by their embeddings, or assigns them to the clusters of an earlier call.

    :param rows: a DataFrame with ``embedding`` and ``text``, or paths or a table of them
    :param output: the directory to write; else as for :func:`embed`
    :param options: those of ``jobs/cluster.sh``; see ``FindClustersOptions``
    :raises pyspark.errors.IllegalArgumentException: for wrong input and settings, by name
    :raises SparkGbertError: if the job fails
    """
    with Job("find clusters", output, options, rows) as job:
        package = job.jvm.org.sparkgbert.cluster
        job.read(rows)
        settings = job.settings(package.ClusterOptions.ALL, FindClustersOptions)
        found = job.run(package.FindClusters(package.ClusterSettings.of(settings)))
        return Clusters(
            job.table("assignments"),
            job.table("clusters"),
            job.table("centroids"),
            json.loads(found.findings().toJson()),
            job.output,
        )
