/**
 * Small helpers for files: checksums, deleting, Hadoop file systems, sample data. They know nothing
 * about models and tables, and do not use Spark.
 */
package org.sparkgbert.files;
