/** Reads a corpus from any Spark source, Parquet first, and checks it before work begins. */
package org.sparkgbert.corpus;
