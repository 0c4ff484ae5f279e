/**
 * The jobs, one class each: make settings of a command line, run an action, print its result.
 * Nobody imports this package.
 */
package org.sparkgbert.job;
