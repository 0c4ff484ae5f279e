/**
 * Verifies finished tables: manifest, files, page checksums, rows, and values; {@link
 * org.sparkgbert.check.CheckTable} does it all.
 */
package org.sparkgbert.check;
