/**
 * An operator of Spark's plans that appends computed columns to internal rows. Only what the
 * columns are computed from is decoded; everything else passes as bytes.
 */
package org.sparkgbert.plan;
