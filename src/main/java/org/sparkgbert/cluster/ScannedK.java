package org.sparkgbert.cluster;

/**
 * A number of clusters that was tried.
 *
 * @param k number of clusters
 * @param silhouette mean silhouette of a sample, from -1 to 1
 * @param cost sum of squared distances to the centroids
 */
public record ScannedK(int k, double silhouette, double cost) {}
