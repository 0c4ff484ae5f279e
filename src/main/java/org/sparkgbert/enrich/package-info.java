/**
 * Keeps tables of embeddings up to date: vectors that are known are looked up, the others are
 * encoded once, and the table gets what changed.
 */
package org.sparkgbert.enrich;
