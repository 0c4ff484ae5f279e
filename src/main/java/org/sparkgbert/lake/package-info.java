/**
 * Storage: tables, their manifests, and the metadata of their columns. A Parquet table is published
 * whole: what dies on the way leaves the old table or the new one, never a mixture.
 */
package org.sparkgbert.lake;
