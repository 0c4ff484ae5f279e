/**
 * Groups embeddings with MLlib, names the groups by their words, and judges them; {@link
 * org.sparkgbert.cluster.FindClusters} does it all.
 */
package org.sparkgbert.cluster;
