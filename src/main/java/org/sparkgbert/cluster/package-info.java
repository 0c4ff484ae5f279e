/**
 * Clusters embeddings, few in the driver and many with MLlib, labels the clusters by their words,
 * and measures their quality; {@link org.sparkgbert.cluster.FindClusters} does all of it.
 */
package org.sparkgbert.cluster;
