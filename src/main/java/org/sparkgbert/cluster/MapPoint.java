package org.sparkgbert.cluster;

/**
 * A row on a two-dimensional map of the corpus.
 *
 * @param x its first coordinate
 * @param y its second
 * @param cluster its cluster
 * @param text its text, or its start
 */
public record MapPoint(double x, double y, int cluster, String text) {}
