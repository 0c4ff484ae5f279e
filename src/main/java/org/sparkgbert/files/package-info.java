/**
 * Small helpers for files: checksums, deleting, Hadoop file systems, sample data. They know nothing
 * of models and tables, and no Spark.
 */
package org.sparkgbert.files;
