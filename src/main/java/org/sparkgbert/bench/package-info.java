/**
 * How fast encoding is, compared with what the machine can do: measurements of the machine's limit,
 * of the encoder alone, and of whole jobs. {@link org.sparkgbert.bench.RunBench} makes them, {@link
 * org.sparkgbert.bench.BenchResult} holds them.
 */
package org.sparkgbert.bench;
