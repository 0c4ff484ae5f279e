/** Verifies finished tables: manifest, files, page checksums, rows, and values. */
package org.sparkgbert.check;
