# Made by PythonDeclarationsTest from the declarations in Java, which also checks it. Not to be edited.
from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql.functions import call_function

if TYPE_CHECKING:
    from pyspark.sql import Column


def vector_cosine_similarity(left: Column | str, right: Column | str) -> Column:
    """Cosine of the angle between two vectors, from -1 to 1; null for a zero vector. Two
    columns, or names of columns, of array<float> and of one dimension; a float, null where
    one of them is null or holds a null.
    """
    return call_function("vector_cosine_similarity", left, right)


def vector_inner_product(left: Column | str, right: Column | str) -> Column:
    """Sum of the products of two vectors' elements. Two columns, or names of columns, of
    array<float> and of one dimension; a float, null where one of them is null or holds a
    null.
    """
    return call_function("vector_inner_product", left, right)


def vector_l2_distance(left: Column | str, right: Column | str) -> Column:
    """Euclidean distance between two vectors, at least 0. Two columns, or names of columns, of
    array<float> and of one dimension; a float, null where one of them is null or holds a
    null.
    """
    return call_function("vector_l2_distance", left, right)


def vector_l1_distance(left: Column | str, right: Column | str) -> Column:
    """Manhattan distance between two vectors, at least 0. Two columns, or names of columns, of
    array<float> and of one dimension; a float, null where one of them is null or holds a
    null.
    """
    return call_function("vector_l1_distance", left, right)
