package org.sparkgbert.enrich;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Vectors that need not be encoded, since something made them with the same fingerprint.
 *
 * @param name where they are, for users
 * @param rows the vectors, columns as in {@link VectorRows#SCHEMA}; a key may occur several times
 */
record KnownVectors(String name, Dataset<Row> rows) {}
