package org.sparkgbert.cluster;

/** How clusters are found. */
public enum Algorithm {
  /** Lloyd's k-means, started by k-means||. Source: Bahmani et al., 2012 */
  KMEANS,

  /** Clusters are split in two until there are k of them. Source: Steinbach et al., 2000 */
  BISECTING
}
