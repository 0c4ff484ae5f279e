/**
 * The jobs, one class each: parse the command line, wire the other packages, run, print a summary.
 * Nobody imports this package.
 */
package org.sparkgbert.job;
