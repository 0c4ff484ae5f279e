/**
 * The jobs, one class each: each turns a command line into settings, runs an action, and prints its
 * result. No other package imports this one.
 */
package org.sparkgbert.job;
