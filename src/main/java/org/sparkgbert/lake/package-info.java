/**
 * Writes and reads embedding tables. A Parquet table is published whole: what dies on the way
 * leaves the old table or the new one, never a mixture.
 */
package org.sparkgbert.lake;
