/**
 * Storage: tables, their manifests, and the metadata of their columns. A Parquet table is published
 * whole: a run that dies leaves the old table or the new one, never a mixture.
 */
package org.sparkgbert.lake;
