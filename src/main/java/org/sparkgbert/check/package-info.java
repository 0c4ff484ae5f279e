/**
 * Verifies finished tables: manifest, files, page checksums, rows, and values; {@link
 * org.sparkgbert.check.CheckTable} does all of it.
 */
package org.sparkgbert.check;
