package org.sparkgbert.search;

/**
 * How much of what exact search finds is found in the cells that are asked first.
 *
 * @param probe cells that each question asks
 * @param recall share of the nearest rows of held-out questions that are found, from 0 to 1
 * @param rows share of all rows that lie in them, from 0 to 1
 */
public record ProbeRecall(int probe, double recall, double rows) {}
