package org.sparkgbert.cluster;

/**
 * A count of clusters that was tried.
 *
 * @param k how many
 * @param silhouette mean silhouette of a sample, from -1 to 1
 * @param cost sum of squared distances to the centroids
 */
public record ScannedK(int k, double silhouette, double cost) {}
